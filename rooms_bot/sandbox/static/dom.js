/** Builds the page's nodes. Text is always text: nothing here, or anywhere, reads content as markup. */

export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(node, name, value);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function set(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "dataset") Object.assign(node.dataset, value);
  else if (name === "testid") node.dataset.testid = value;
  else if (name === "css") for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
  else if (name === "value" || name === "checked" || name === "selected") node[name] = value;
  else if (name === "class") node.className = [value].flat().filter(Boolean).join(" ");
  else node.setAttribute(name, value === true ? "" : value);
}

export function fill(node, ...children) {
  node.replaceChildren(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return node;
}

export const byId = (id) => document.getElementById(id);

let counter = 0;

/** An id for aria references, new at each call. */
export const freshId = (stem) => `${stem}-${++counter}`;

export function button(label, onclick, attributes = {}) {
  return h("button", { type: "button", onclick, ...attributes }, label);
}
