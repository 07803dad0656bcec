/** The server's channels and threads at the left, and the head of the one being read. */

import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { current, enter, on, state, tell } from "./state.js";

const PICTURES = { 0: "hash", 5: "news", 10: "thread", 11: "thread", 12: "thread", 15: "forum", 16: "forum" };

const isThread = (channel) => channel.type >= 10 && channel.type <= 12;

export function startChannels() {
  for (const topic of ["hello", "channels", "channel"]) on(topic, draw);
  on("go", go);
}

function go(id) {
  byId("app").classList.remove("side-open");
  history.replaceState(null, "", `${location.pathname}${location.search}#${id}`);
  enter(id).then(
    () => tell("focus"),
    (error) => tell("notice", error.message),
  );
}

function draw() {
  const { name, icon: picture, id } = state.guild;
  byId("guild-name").textContent = name;
  document.title = `${current() ? `#${current().name} · ` : ""}${name}`;
  const initials = name
    .split(/\s+/)
    .map((word) => word[0])
    .join("")
    .slice(0, 3);
  fill(
    byId("rail"),
    h(
      "span",
      { class: "server", title: name },
      picture && /^\w+$/.test(picture) ? h("img", { src: `/cdn/icons/${id}/${picture}.png`, alt: name }) : initials,
    ),
  );
  fill(byId("channels"), sections());
  fill(byId("channel-title"), title());
}

function sections() {
  const above = state.channels.filter((channel) => !isThread(channel) && channel.type !== 4);
  const loose = above.filter((channel) => !channel.parent_id);
  const categories = state.channels.filter((channel) => channel.type === 4);
  return [
    loose.length ? [h("h2", {}, "Text channels"), loose.flatMap(withThreads)] : [],
    categories.map((category) => [
      h("h2", {}, category.name),
      above.filter((channel) => channel.parent_id === category.id).flatMap(withThreads),
    ]),
  ].flat(3);
}

function withThreads(channel) {
  const threads = state.channels.filter(
    (one) => isThread(one) && one.parent_id === channel.id && !one.thread_metadata?.archived,
  );
  return [entry(channel), ...threads.map(entry)];
}

function entry(channel) {
  const unread = state.unread.has(channel.id);
  return h(
    "button",
    {
      type: "button",
      class: ["channel", isThread(channel) && "thread", unread && "unread"],
      "aria-current": channel.id === state.channel ? "page" : null,
      "aria-label": `${channel.name}${unread ? ", unread" : ""}`,
      dataset: { channelId: channel.id, channelName: channel.name },
      onclick: () => tell("go", channel.id),
    },
    icon(PICTURES[channel.type] ?? "hash"),
    h("span", {}, channel.name),
  );
}

function title() {
  const channel = current();
  if (!channel) return [];
  return [
    icon(PICTURES[channel.type] ?? "hash"),
    h("h2", {}, channel.name),
    channel.topic ? h("p", { title: channel.topic }, channel.topic) : null,
  ];
}
