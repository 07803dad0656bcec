/** Whom one acts as: the panel at the lower left. */

import { avatar } from "./avatars.js";
import { byId, fill, h } from "./dom.js";
import { displayName, on, state, wire } from "./state.js";

export function startMe() {
  on("hello", draw);
}

/** The person named in the page's address (`?as=Sam` or their id), to act as one in each window. */
export const wished = () => new URLSearchParams(location.search).get("as");

function draw() {
  const asked = state.people.find((user) => [user.id, user.username, user.global_name].includes(wished()));
  if (asked && asked.id !== state.me) return be(asked.id);
  const me = state.people.find((user) => user.id === state.me);
  const choice = h(
    "select",
    { testid: "acting-as", "aria-label": "Acting as", onchange: () => be(choice.value) },
    state.people.map((user) => h("option", { value: user.id, selected: user.id === state.me }, displayName(user))),
  );
  return fill(
    byId("me"),
    h("span", { class: "presence online" }, avatar(me, displayName(me), "medium")),
    h("label", {}, "Acting as", choice),
  );
}

function be(id) {
  const user = state.people.find((one) => one.id === id);
  history.replaceState(null, "", `?as=${encodeURIComponent(user.username)}${location.hash}`);
  wire.open(id);
}
