/** Select menus, in messages and in forms: of given options, members, roles or channels. */

import { avatar } from "./avatars.js";
import { openFloating, closeFloating, walkable } from "./dialogs.js";
import { h } from "./dom.js";
import { partialEmoji } from "./emoji.js";
import { icon } from "./icons.js";
import { displayName, state } from "./state.js";

const SOURCES = {
  3: (given) => given.options ?? [],
  5: members,
  6: roles,
  7: () => [...members(), ...roles()],
  8: (given) =>
    state.channels
      .filter((channel) => !given.channel_types?.length || given.channel_types.includes(channel.type))
      .map((channel) => ({ value: channel.id, label: `#${channel.name}` })),
};

function members() {
  return state.members.map(({ user, nick }) => ({
    value: user.id,
    label: displayName(user, nick),
    description: user.username,
    user,
  }));
}

function roles() {
  return state.guild.roles
    .filter((role) => role.id !== state.guild.id)
    .map((role) => ({ value: role.id, label: `@${role.name}`, description: "Role" }));
}

/** {node, values()}: `onchoose(values)` is called once the choice is made (of several: when the list closes). */
export function selectMenu(given, { onchoose = () => {}, label = null } = {}) {
  const options = SOURCES[given.type](given);
  const least = given.min_values ?? 1;
  const most = given.max_values ?? 1;
  const given_ids = (given.default_values ?? []).map((one) => one.id);
  let chosen = options.filter((one) => one.default || given_ids.includes(one.value)).map((one) => one.value);
  const words = h("span", { class: "select-words" });
  const show = () => {
    const labels = options.filter((one) => chosen.includes(one.value)).map((one) => one.label);
    words.replaceChildren(labels.join(", ") || given.placeholder || "Make a selection");
    words.classList.toggle("empty", !labels.length);
  };
  const toggle = (value) => {
    if (most === 1) chosen = chosen.includes(value) && least === 0 ? [] : [value];
    else if (chosen.includes(value)) chosen = chosen.filter((one) => one !== value);
    else if (chosen.length < most) chosen = [...chosen, value];
    show();
    if (most === 1) closeFloating();
  };
  const openList = () => {
    const before = chosen.join();
    const list = listbox(options, () => chosen, toggle, most > 1, words.textContent);
    openFloating(node, list.box, {
      attributes: { class: "floating select-list" },
      onclose: () => chosen.join() !== before && chosen.length >= least && onchoose(chosen),
    });
    list.start();
  };
  const node = h(
    "button",
    {
      type: "button",
      class: "select",
      role: "combobox",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-label": label ?? given.placeholder ?? "Make a selection",
      disabled: given.disabled,
      dataset: { customId: given.custom_id },
      onclick: openList,
      onkeydown: (event) => event.key === "ArrowDown" && (event.preventDefault(), openList()),
    },
    words,
    icon("down"),
  );
  show();
  return { node, values: () => chosen };
}

function listbox(options, chosen, toggle, several, label) {
  const items = options.map((one) =>
    h(
      "button",
      {
        type: "button",
        role: "option",
        class: "option",
        "aria-selected": String(chosen().includes(one.value)),
        onclick: () => {
          toggle(one.value);
          mark();
        },
      },
      optionWords(one),
      h("span", { class: "tick" }, icon("tick")),
    ),
  );
  const mark = () =>
    items.forEach((item, at) => item.setAttribute("aria-selected", String(chosen().includes(options[at].value))));
  const filter = () =>
    items.forEach((item, at) => {
      item.hidden = !options[at].label.toLowerCase().includes(search.value.toLowerCase());
    });
  const search = h("input", {
    type: "text",
    class: "select-search",
    placeholder: "Search",
    "aria-label": "Search",
    oninput: filter,
    hidden: options.length < 9,
  });
  const list = h(
    "div",
    { role: "listbox", "aria-label": label, "aria-multiselectable": String(several), class: "options" },
    items.length ? items : h("p", { class: "notice" }, "Nothing to choose from"),
  );
  const box = walkable(h("div", {}, search, list), "[role=option]");
  return {
    box,
    start: () =>
      (search.hidden ? (items.find((item, at) => chosen().includes(options[at].value)) ?? items[0]) : search)?.focus(),
  };
}

function optionWords(one) {
  return [
    one.user ? avatar(one.user, one.label, "medium") : null,
    one.emoji ? partialEmoji(one.emoji) : null,
    h(
      "span",
      { class: "option-words" },
      h("span", {}, one.label),
      one.description ? h("small", {}, one.description) : null,
    ),
  ];
}
