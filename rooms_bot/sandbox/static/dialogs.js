/** Windows over the page, and floating lists beside what opened them. */

import { byId, fill, freshId, h } from "./dom.js";
import { icon } from "./icons.js";

/** A modal window; it leaves the page when closed. `attributes` go to the <dialog>. */
export function openDialog(title, body, actions, attributes = {}) {
  const id = freshId("title");
  const close = () => dialog.close();
  const dialog = h(
    "dialog",
    { "aria-labelledby": id, testid: "dialog", ...attributes },
    h(
      "div",
      { class: "dialog-head" },
      h("h2", { id }, title),
      h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: close }, icon("close")),
    ),
    h("div", { class: "dialog-body" }, body),
    h("div", { class: "dialog-foot" }, actions),
  );
  dialog.addEventListener("close", () => dialog.remove());
  byId("layers").append(dialog);
  dialog.showModal();
  return dialog;
}

let open = null;

export function closeFloating() {
  open?.close();
}

/** `content` beside `anchor`, gone with Escape or a press elsewhere; focus returns to `anchor`. */
export function openFloating(anchor, content, { onclose = () => {}, attributes = {} } = {}) {
  closeFloating();
  const box = fill(h("div", { class: "floating", ...attributes }), content);
  const close = () => {
    if (open?.box !== box) return;
    open = null;
    const inside = box.contains(document.activeElement);
    box.remove();
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("keydown", escape, true);
    anchor.setAttribute("aria-expanded", "false");
    if (inside) anchor.focus();
    onclose();
  };
  const outside = (event) => !box.contains(event.target) && !anchor.contains(event.target) && close();
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    box.querySelector("*")?.focus();
    close();
    anchor.focus();
  };
  open = { box, close };
  (anchor.closest("dialog") ?? byId("layers")).append(box);
  anchor.setAttribute("aria-expanded", "true");
  place(anchor, box);
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", escape, true);
  return close;
}

function place(anchor, box) {
  const from = anchor.getBoundingClientRect();
  const width = box.offsetWidth;
  const height = box.offsetHeight;
  const below = from.bottom + 6 + height <= innerHeight || from.top < height;
  const top = below ? Math.min(from.bottom + 6, innerHeight - height - 6) : from.top - height - 6;
  const left = Math.min(Math.max(6, from.left), innerWidth - width - 6);
  box.style.setProperty("left", `${left}px`);
  box.style.setProperty("top", `${Math.max(6, top)}px`);
}

/** Up, Down, Home and End walk through `selector` inside `box`. */
export function walkable(box, selector) {
  box.addEventListener("keydown", (event) => {
    const all = [...box.querySelectorAll(selector)].filter((one) => !one.disabled && !one.hidden);
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined || !all.length) return;
    event.preventDefault();
    all[(to + all.length) % all.length].focus();
  });
  return box;
}
