/** The line that says who is writing; each word of it lasts ten seconds or until they have written. */

import { byId, fill, h } from "./dom.js";
import { displayName, member, on, state } from "./state.js";

const LASTS_MS = 10_000;
const writing = new Map();
let sending = false;

export function startTyping() {
  on("typing", heard);
  on("message", ({ message, first }) => first && stop(message.author.id));
  on("sending", (is) => {
    sending = is;
    draw();
  });
  on("channel", () => {
    for (const id of [...writing.keys()]) stop(id);
  });
}

function heard({ user_id: id, channel_id: channel }) {
  if (id === state.me || channel !== state.channel) return;
  clearTimeout(writing.get(id));
  writing.set(
    id,
    setTimeout(() => stop(id), LASTS_MS),
  );
  draw();
}

function stop(id) {
  clearTimeout(writing.get(id));
  if (writing.delete(id)) draw();
}

function draw() {
  const names = [...writing.keys()].map((id) => {
    const one = member(id);
    return one ? displayName(one.user, one.nick) : "Someone";
  });
  const dots = h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
  fill(
    byId("typing"),
    sending ? [dots, h("span", {}, "Sending command…")] : names.length ? [dots, h("span", {}, sentence(names))] : [],
  );
}

function sentence(names) {
  if (names.length > 3) return ["Several people are typing…"];
  const parts = names.flatMap((name, at) => [at ? (at === names.length - 1 ? " and " : ", ") : "", h("b", {}, name)]);
  return [...parts, names.length === 1 ? " is typing…" : " are typing…"];
}
