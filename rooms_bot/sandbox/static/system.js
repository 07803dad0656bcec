/** The lines Discord itself writes into a channel: pins, joins, threads started. */

import { button, h } from "./dom.js";
import { icon } from "./icons.js";
import { tell } from "./state.js";
import { fullDate, stamp } from "./times.js";

const opening = (id, words) => button(words, () => tell("go", id), { class: "as-link" });

const SAYS = {
  1: (sent) => ["arrow", " added someone to the thread."],
  2: (sent) => ["arrow", " removed someone from the thread."],
  4: (sent) => ["pencil", ` changed the channel name: ${sent.content}`],
  6: (sent) => [
    "pin",
    " pinned ",
    button("a message", () => tell("reveal", sent.message_reference?.message_id), { class: "as-link" }),
    " to this channel.",
  ],
  7: () => ["arrow", " joined the server. Wave to say hi!"],
  12: (sent) => ["news", ` has added ${sent.content} to this channel.`],
  18: (sent) => [
    "thread",
    " started a thread: ",
    opening(sent.message_reference?.channel_id, sent.content || "thread"),
    ".",
  ],
  21: () => ["thread", " started this thread."],
};

export function systemLine(sent, name) {
  const [picture, ...words] = SAYS[sent.type]?.(sent) ?? [
    "arrow",
    sent.content ? `: ${sent.content}` : " did something this page does not know.",
  ];
  return [
    h("span", { class: "face" }, icon(picture)),
    h(
      "div",
      { class: "content", testid: "message-content" },
      h("b", { class: "author" }, name),
      words,
      h("time", { datetime: sent.timestamp, title: fullDate(sent.timestamp) }, stamp(sent.timestamp)),
    ),
  ];
}
