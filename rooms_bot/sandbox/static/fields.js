/** The inputs of a form: text, selects, files, choices. Each is {node, value(), fault(), focus(), required}. */

import { freshId, h } from "./dom.js";
import { icon } from "./icons.js";
import { selectMenu } from "./selects.js";
import { asWire } from "./tray.js";

const MISSING = "This is a required field";

export function fieldFor(given, label) {
  return (BUILD[given.type] ?? unknown)(given, label);
}

const BUILD = {
  4: text,
  3: select,
  5: select,
  6: select,
  7: select,
  8: select,
  19: files,
  21: radios,
  22: checkboxes,
  23: checkbox,
};

function text(given, label) {
  const id = freshId("field");
  const most = given.max_length ?? 4000;
  const least = given.min_length ?? 0;
  const required = given.required !== false;
  const long = given.style === 2;
  const count = h("span", { class: "count", "aria-hidden": "true" });
  const input = h(long ? "textarea" : "input", {
    id,
    rows: long ? 5 : null,
    type: long ? null : "text",
    placeholder: given.placeholder,
    maxlength: most,
    "aria-required": String(required),
    "aria-label": label,
    dataset: { customId: given.custom_id },
    oninput: () => counted(),
  });
  input.value = given.value ?? "";
  const counted = () => count.replaceChildren(given.max_length || long ? String(most - input.value.length) : "");
  counted();
  const fault = () => {
    const length = input.value.trim().length;
    if (required && !length) return MISSING;
    return length && length < least ? `Must be at least ${least} character${least === 1 ? "" : "s"} long` : "";
  };
  return {
    id,
    required,
    node: h("div", { class: "text-field" }, input, count),
    value: () => input.value,
    fault,
    focus: () => input.focus(),
  };
}

function select(given, label) {
  const required = given.required !== false;
  const menu = selectMenu({ ...given, disabled: false }, { label });
  const least = given.min_values ?? 1;
  const fault = () => {
    const chosen = menu.values().length;
    if (required && !chosen) return MISSING;
    return chosen && chosen < least ? `Choose at least ${least}` : "";
  };
  return { required, node: h("div", {}, menu.node), value: menu.values, fault, focus: () => menu.node.focus() };
}

function radios(given, label) {
  const group = freshId("radio");
  const required = given.required !== false;
  const box = choices(given, label, "radio", group);
  const value = () => box.querySelector("input:checked")?.value ?? "";
  return {
    required,
    node: box,
    value,
    fault: () => (required && !value() ? MISSING : ""),
    focus: () => box.querySelector("input").focus(),
  };
}

function checkboxes(given, label) {
  const required = given.required !== false;
  const box = choices(given, label, "checkbox", freshId("checks"));
  const value = () => [...box.querySelectorAll("input:checked")].map((input) => input.value);
  const least = given.min_values ?? (required ? 1 : 0);
  const most = given.max_values ?? given.options.length;
  const fault = () => {
    const chosen = value().length;
    if (required && !chosen) return MISSING;
    if (chosen > most) return `Choose at most ${most}`;
    return chosen && chosen < least ? `Choose at least ${least}` : "";
  };
  return { required, node: box, value, fault, focus: () => box.querySelector("input").focus() };
}

function choices(given, label, type, name) {
  return h(
    "div",
    {
      class: "choices",
      role: type === "radio" ? "radiogroup" : "group",
      "aria-label": label,
      dataset: { customId: given.custom_id },
    },
    given.options.map((one) =>
      h(
        "label",
        { class: "choice" },
        h("input", { type, name, value: one.value, checked: Boolean(one.default) }),
        h("span", {}, one.label, one.description ? h("small", {}, one.description) : null),
      ),
    ),
  );
}

function checkbox(given, label) {
  const input = h("input", {
    type: "checkbox",
    "aria-label": label,
    checked: Boolean(given.default),
    dataset: { customId: given.custom_id },
  });
  return {
    required: false,
    node: h("div", { class: "choices" }, input),
    value: () => String(input.checked),
    fault: () => "",
    focus: () => input.focus(),
  };
}

/** A place for files. Its value is a promise: they are read when the form is sent. */
function files(given, label) {
  const id = freshId("field");
  const most = given.max_values ?? 1;
  const least = given.min_values ?? (given.required === false ? 0 : 1);
  const input = h("input", {
    id,
    type: "file",
    multiple: most > 1,
    "aria-label": label,
    dataset: { customId: given.custom_id },
    onchange: () => named(),
  });
  const words = h("span", {});
  const named = () => {
    const picked = [...input.files].map((file) => file.name).join(", ");
    words.replaceChildren(picked || (most > 1 ? "Choose files" : "Choose a file"));
  };
  named();
  const fault = () => {
    if (given.required !== false && !input.files.length) return MISSING;
    if (input.files.length > most) return `Choose at most ${most}`;
    return input.files.length && input.files.length < least ? `Choose at least ${least}` : "";
  };
  return {
    id,
    required: given.required !== false,
    node: h("label", { class: "upload-field" }, icon("file"), words, input),
    value: () => Promise.all([...input.files].map(asWire)),
    fault,
    focus: () => input.focus(),
  };
}

/** Whatever comes later: said plainly, and left out of what is sent. */
function unknown(given) {
  const fault = () => (given.required === false ? "" : "The sandbox's page cannot fill this field");
  return {
    required: given.required !== false,
    node: h("p", { class: "notice" }, `A field this page does not know (type ${given.type})`),
    value: () => [],
    fault,
    focus: () => {},
  };
}
