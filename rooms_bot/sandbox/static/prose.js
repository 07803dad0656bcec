/** Draws what markdown.js read. */

import { h } from "./dom.js";
import { emojiImage } from "./emoji.js";
import { follow } from "./links.js";
import { read, readInline } from "./markdown.js";
import { displayName, member, state, tell } from "./state.js";
import { clockTime, relative, styled } from "./times.js";

/** `text` as nodes; `users` are the message's own mentions, which need not be members. */
export function prose(text, users = []) {
  return drawAll(read(text), { users });
}

export function line(text, users = []) {
  return drawAll(readInline(text), { users });
}

/** True where a message is nothing but up to 27 emoji, which Discord draws large. */
export function onlyEmoji(text) {
  const bare = text.replace(/<a?:\w+:\d+>/g, "\u{1F600}").replace(/\s/g, "");
  return /^(?:\p{Extended_Pictographic}[\u{FE0F}\u{200D}\u{1F3FB}-\u{1F3FF}]*){1,27}$/u.test(bare);
}

const drawAll = (nodes, about) => nodes.map((node) => DRAW[node.kind](node, about));

const wrapped =
  (tag, attributes = {}) =>
  (node, about) =>
    h(tag, attributes, drawAll(node.content, about));

const DRAW = {
  words: (node) => node.text,
  break: () => h("br"),
  text: wrapped("span"),
  heading: (node, about) => h(`h${node.level + 2}`, { class: `heading-${node.level}` }, drawAll(node.content, about)),
  subtext: wrapped("small", { class: "subtext" }),
  quote: (node, about) => h("div", { class: "quote" }, h("blockquote", {}, drawAll(node.content, about))),
  list,
  "code-block": (node) => h("pre", {}, h("code", { class: "block", dataset: { language: node.language } }, node.text)),
  code: (node) => h("code", {}, node.text),
  strong: wrapped("strong"),
  em: wrapped("em"),
  u: wrapped("u"),
  s: wrapped("s"),
  spoiler,
  link,
  user: (node, about) => mention(`@${userName(node.id, about)}`),
  role: (node) => mention(`@${state.guild.roles.find((role) => role.id === node.id)?.name ?? "unknown-role"}`),
  channel,
  command: (node) => mention(`/${node.name}`),
  everyone: (node) => mention(node.text),
  emoji: (node) => emojiImage(node),
  time: (node) =>
    h(
      "time",
      { class: "moment", title: styled(node.seconds, "F"), datetime: clockTime(node.seconds) },
      node.style === "R" ? relative(node.seconds) : styled(node.seconds, node.style),
    ),
};

const mention = (text) => h("span", { class: "mention" }, text);

function userName(id, about) {
  const user = about.users.find((one) => one.id === id) ?? member(id)?.user;
  return user ? displayName(user) : "unknown-user";
}

function channel(node) {
  const known = state.channels.find((one) => one.id === node.id);
  if (!known) return mention("#unknown");
  return h("button", { type: "button", class: "mention", onclick: () => tell("go", known.id) }, `#${known.name}`);
}

function list(node, about) {
  const items = node.items.map((item) =>
    h(
      "li",
      {},
      drawAll(item.content, about),
      item.below.map((below) => list(below, about)),
    ),
  );
  return node.ordered ? h("ol", { start: node.start }, items) : h("ul", {}, items);
}

function spoiler(node, about) {
  const inner = h("span", { class: "hidden-words", inert: true }, drawAll(node.content, about));
  const reveal = (event) => {
    if (cover.classList.contains("shown")) return;
    event.preventDefault();
    event.stopPropagation();
    cover.classList.add("shown");
    inner.removeAttribute("inert");
    for (const name of ["role", "tabindex", "aria-label"]) cover.removeAttribute(name);
  };
  const cover = h(
    "span",
    {
      class: "spoiler",
      role: "button",
      tabindex: 0,
      "aria-label": "Spoiler, press to show",
      onclick: reveal,
      onkeydown: (event) => (event.key === "Enter" || event.key === " ") && reveal(event),
    },
    inner,
  );
  return cover;
}

function link(node, about) {
  const words = node.content ? drawAll(node.content, about) : node.href;
  return h(
    "a",
    {
      href: node.href,
      title: node.href,
      target: "_blank",
      rel: "noopener noreferrer nofollow",
      onclick: node.content ? (event) => follow(event, node.href) : null,
    },
    words,
  );
}
