/** A chosen command being filled in: its name and one pill for each option. */

import { world } from "./catalogue.js";
import { checked, isFile } from "./commands.js";
import { button, freshId, h } from "./dom.js";
import { choicesFor } from "./hints.js";
import { icon } from "./icons.js";
import { choiceRow, optionHead } from "./rows.js";
import { asWire } from "./tray.js";

const TYPING_MS = 90;

export class CommandForm {
  #pills = [];
  #asked = 0;
  #timer = null;
  #waiting = false;
  #hasty = false;

  /** `leave()` puts the text composer back; `send(leaf, values)` runs the command; `complain(sentence)` says what does not fit. */
  constructor(leaf, suggestions, { leave, send, complain }) {
    Object.assign(this, { leaf, suggestions, leave, send, complain });
    this.row = h("span", { class: "pills" });
    this.title = h(
      "button",
      {
        type: "button",
        class: "command-title",
        "aria-label": `Command ${leaf.path}`,
        onkeydown: (event) => this.#titleKeys(event),
      },
      `/${leaf.path}`,
    );
    this.node = h(
      "div",
      { class: "command-form", testid: "command-form", role: "group", "aria-label": `/${leaf.path}` },
      this.title,
      this.row,
      h(
        "button",
        {
          type: "button",
          class: "icon-button send-command",
          "aria-label": "Send command",
          title: "Send",
          onclick: () => this.submit(),
        },
        icon("arrow"),
      ),
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Leave the command", title: "Leave", onclick: leave },
        icon("close"),
      ),
    );
  }

  /** Show it with `raw` values filled in, the first empty required option under the caret. */
  begin(raw = {}) {
    const first = this.leaf.options.filter((option) => option.required || option.name in raw);
    first.forEach((option) => this.#add(option, raw[option.name] ?? ""));
    const pill = this.#pills.find((one) => !one.input.value) ?? this.#pills.at(-1);
    if (pill) pill.input.focus();
    else {
      this.title.focus();
      this.#suggest(null);
    }
  }

  submit() {
    for (const pill of this.#pills) pill.node.classList.remove("faulty");
    try {
      this.send(this.leaf, checked(this.#raw(), this.leaf, world()));
    } catch (error) {
      this.complain(error.message);
      const pill = this.#pills.find((one) => one.option.name === error.option);
      pill?.node.classList.add("faulty");
      pill?.input.focus();
    }
  }

  #raw() {
    return Object.fromEntries(
      this.#pills.map((pill) => [pill.option.name, valueOf(pill)]).filter(([, value]) => value !== ""),
    );
  }

  #add(option, value = "") {
    const id = freshId("option");
    const input = h("input", {
      id,
      type: isFile(option) ? "file" : "text",
      autocomplete: "off",
      spellcheck: "false",
      role: isFile(option) ? null : "combobox",
      "aria-expanded": "false",
      "aria-autocomplete": isFile(option) ? null : "list",
      "aria-required": String(Boolean(option.required)),
      size: 2,
      testid: `option-${option.name}`,
    });
    if (!isFile(option)) input.value = value;
    const pill = { option, input, chosen: null, file: null };
    pill.node = h(
      "span",
      { class: option.required ? "pill" : "pill optional", dataset: { option: option.name } },
      h("label", { for: id }, option.name),
      input,
    );
    input.addEventListener("focus", () => this.#suggest(pill));
    input.addEventListener("input", () => this.#typed(pill));
    input.addEventListener("keydown", (event) => this.#keys(event, pill));
    if (isFile(option)) input.addEventListener("change", () => pickFile(pill));
    this.#pills.push(pill);
    this.row.append(pill.node);
    return pill;
  }

  #remove(pill) {
    const at = this.#pills.indexOf(pill);
    this.#pills.splice(at, 1);
    pill.node.remove();
    (this.#pills[Math.max(0, at - 1)]?.input ?? this.title).focus();
  }

  get #free() {
    return this.leaf.options.filter((option) => !this.#pills.some((pill) => pill.option === option));
  }

  /** An option's name and a colon, typed inside another, opens its own pill. */
  #typed(pill) {
    this.complain("");
    this.#hasty = false;
    pill.node.classList.remove("faulty");
    const found = /(?:^|\s)([^\s:]+):$/.exec(pill.input.value);
    const option = found && this.#free.find((one) => one.name === found[1].toLowerCase());
    if (option) {
      pill.input.value = pill.input.value.slice(0, found.index).trimEnd();
      this.#add(option).input.focus();
    } else {
      this.suggestions.stale();
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#suggest(pill), pill.option.autocomplete ? TYPING_MS : 0);
    }
  }

  async #suggest(pill) {
    clearTimeout(this.#timer);
    this.#timer = null;
    const asked = ++this.#asked;
    this.#waiting = Boolean(pill?.option.autocomplete);
    const field = pill?.input ?? this.title;
    const typed = pill && !isFile(pill.option) && pill.input.value !== pill.chosen?.name ? pill.input.value : "";
    const choices =
      pill && !isFile(pill.option) ? await choicesFor(this.leaf, pill.option, typed, this.#settled(pill)) : [];
    if (asked !== this.#asked || !this.node.isConnected) return;
    const items = choices.map((choice) => ({
      label: choice.name,
      row: choiceRow(choice),
      pick: () => this.#choose(pill, choice),
    }));
    this.suggestions.show(field, { head: optionHead(this.leaf, pill?.option), items, extra: this.#optional() });
    this.#waiting = false;
    if (this.#hasty && items.length) this.suggestions.take();
    this.#hasty = false;
  }

  /** The other values, those that do not fit yet left out. */
  #settled(pill) {
    const raw = this.#raw();
    delete raw[pill.option.name];
    const others = {
      ...this.leaf,
      options: this.leaf.options
        .filter((option) => option.name in raw)
        .map((option) => ({ ...option, required: false })),
    };
    try {
      return checked(raw, others, world());
    } catch {
      return {};
    }
  }

  #optional() {
    const free = this.#free;
    if (!free.length) return null;
    return [
      h("span", { class: "extra-label" }, "Options"),
      ...free.map((option) =>
        button(option.name, () => this.#add(option).input.focus(), {
          class: "chip-button",
          title: option.description,
          testid: `add-${option.name}`,
          onmousedown: (event) => event.preventDefault(),
        }),
      ),
    ];
  }

  #choose(pill, choice) {
    pill.chosen = choice;
    pill.input.value = choice.name;
    const next = this.#pills.find((one) => one !== pill && one.option.required && !one.input.value);
    if (next) return next.input.focus();
    pill.input.focus();
    this.suggestions.show(pill.input, { head: optionHead(this.leaf, pill.option), extra: this.#optional() });
  }

  #keys(event, pill) {
    if (event.isComposing) return;
    const deed = {
      Enter: () => (this.#wantsChoice(pill) ? this.suggestions.take() : this.submit()),
      Escape: () => this.leave(),
      ArrowDown: () => this.suggestions.any && this.suggestions.move(1),
      ArrowUp: () => this.suggestions.any && this.suggestions.move(-1),
      Tab: () => this.#tab(event, pill),
      Backspace: () => this.#erase(pill),
    }[event.key];
    if (deed && deed() !== false) event.preventDefault();
  }

  /** Enter takes a choice where one is marked, or where an option has choices and its text is none of them yet. */
  #wantsChoice(pill) {
    if (this.suggestions.marked) return true;
    const listed =
      pill.option.choices?.length &&
      pill.input.value &&
      !pill.option.choices.some((choice) => choice.name.toLowerCase() === pill.input.value.toLowerCase());
    return Boolean(listed) && this.suggestions.any;
  }

  /** Tab takes the first choice (once it has come, where one types faster than the application answers), or goes on. */
  #tab(event, pill) {
    if (event.shiftKey) return false;
    this.#hasty = pill.input.value !== "" && (this.#waiting || Boolean(this.#timer && pill.option.autocomplete));
    if (this.#hasty) return null;
    if (this.suggestions.any && (this.suggestions.marked || pill.input.value) && pill.input.value !== pill.chosen?.name)
      return this.suggestions.take();
    const next = this.#pills[this.#pills.indexOf(pill) + 1];
    if (next) return next.input.focus();
    const chip = this.suggestions.node.querySelector(".chip-button");
    return chip ? chip.focus() : false;
  }

  #erase(pill) {
    if (pill.input.value && !isFile(pill.option)) return false;
    if (pill.option.required)
      return this.#pills[0] === pill ? this.leave() : this.#pills[this.#pills.indexOf(pill) - 1].input.focus();
    return this.#remove(pill);
  }

  #titleKeys(event) {
    const deed = { Enter: () => this.submit(), Escape: () => this.leave(), Backspace: () => this.leave() }[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  }
}

const valueOf = (pill) => {
  if (isFile(pill.option)) return pill.file ?? "";
  return pill.chosen && pill.chosen.name === pill.input.value ? pill.chosen.value : pill.input.value.trim();
};

async function pickFile(pill) {
  const [file] = pill.input.files;
  pill.file = file ? await asWire(file) : null;
}
