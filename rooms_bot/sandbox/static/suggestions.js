/** The list over the composer: commands, options, choices or names, walked with the arrow keys while one goes on typing. */

import { fill, freshId, h } from "./dom.js";

export class Suggestions {
  #items = [];
  #nodes = [];
  #active = -1;
  #field = null;
  #moved = false;

  constructor() {
    this.list = h("ul", { id: freshId("suggestions"), role: "listbox", "aria-label": "Suggestions" });
    this.head = h("div", { class: "suggestions-head" });
    this.extra = h("div", { class: "suggestions-extra" });
    this.node = h(
      "div",
      { class: "suggestions", testid: "suggestions", hidden: true },
      this.head,
      this.list,
      this.extra,
    );
  }

  /** Show `items` [{row, pick, label}] under `head`, for `field`; `active` is the one Enter takes (-1: none yet). */
  show(field, { head = null, items = [], extra = null, active = -1 } = {}) {
    this.#field = field;
    this.#moved = false;
    this.#items = items;
    this.#nodes = items.map((item, at) =>
      h(
        "li",
        {
          id: `${this.list.id}-${at}`,
          role: "option",
          "aria-label": item.label,
          class: "suggestion",
          dataset: { name: item.label },
          onmousedown: (event) => event.preventDefault(),
          onclick: () => item.pick(),
          onpointermove: () => this.#mark(at),
        },
        item.row,
      ),
    );
    fill(this.head, head);
    fill(this.list, this.#nodes);
    fill(this.extra, extra);
    this.node.hidden = !items.length && !head && !extra;
    field.setAttribute("aria-controls", this.list.id);
    field.setAttribute("aria-expanded", String(items.length > 0));
    this.#mark(items.length ? active : -1);
  }

  hide() {
    this.node.hidden = true;
    this.#items = [];
    this.#active = -1;
    this.#field?.removeAttribute("aria-activedescendant");
    this.#field?.setAttribute("aria-expanded", "false");
  }

  /** What was typed since has outrun the list: it stays in sight, but no key takes from it until the next one. */
  stale() {
    this.#items = [];
    this.#active = -1;
  }

  get open() {
    return !this.node.hidden;
  }

  get any() {
    return this.open && this.#items.length > 0;
  }

  get marked() {
    return this.open && this.#active >= 0;
  }

  /** Whether the arrow keys (or the mouse) chose the marked one, rather than its being the first. */
  get moved() {
    return this.#moved;
  }

  move(step) {
    this.#moved = true;
    const count = this.#items.length;
    this.#mark(this.#active < 0 && step < 0 ? count - 1 : (this.#active + step + count) % count);
  }

  /** Take the marked one, or the first. */
  take() {
    this.#items[Math.max(0, this.#active)].pick();
  }

  #mark(at) {
    this.#active = at;
    this.#nodes.forEach((node, place) => node.setAttribute("aria-selected", String(place === at)));
    if (at < 0) return this.#field.removeAttribute("aria-activedescendant");
    this.#field.setAttribute("aria-activedescendant", this.#nodes[at].id);
    this.#nodes[at].scrollIntoView({ block: "nearest" });
  }
}
