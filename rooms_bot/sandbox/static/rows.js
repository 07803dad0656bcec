/** How one suggestion looks: a command with its options, an option, a choice, a name. */

import { avatar } from "./avatars.js";
import { appUser } from "./catalogue.js";
import { h } from "./dom.js";
import { displayName } from "./state.js";

export function commandRow(leaf) {
  const app = appUser();
  return [
    app ? avatar(app, displayName(app), "medium") : null,
    h(
      "span",
      { class: "suggestion-words" },
      h(
        "span",
        { class: "command-line" },
        h("b", {}, `/${leaf.path}`),
        leaf.options.map((option) => h("span", { class: option.required ? "chip needed" : "chip" }, option.name)),
      ),
      h("small", {}, leaf.description),
    ),
    app ? h("span", { class: "from" }, displayName(app)) : null,
  ];
}

export function optionRow(option) {
  return h("span", { class: "suggestion-words" }, h("b", {}, option.name), h("small", {}, option.description));
}

export const choiceRow = (choice) => h("span", { class: "suggestion-words" }, h("b", {}, choice.name));

export function optionHead(leaf, option) {
  return h(
    "p",
    { class: "option-head" },
    h("span", {}, `/${leaf.path}`),
    h("b", {}, option ? option.name : ""),
    h("span", {}, option ? option.description : leaf.description),
  );
}

export function nameRow(user, name, note) {
  return [
    avatar(user, name, "medium"),
    h("span", { class: "suggestion-words flat" }, h("b", {}, name), h("small", {}, note)),
  ];
}
