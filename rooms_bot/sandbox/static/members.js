/** Who is here, at the right: the people, the app, and below them the voices heard through its webhook. */

import { avatar } from "./avatars.js";
import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { displayName, on, state, tell } from "./state.js";

export function startMembers() {
  for (const topic of ["hello", "members", "history", "status"]) on(topic, draw);
  on("message", ({ message, first }) => first && message.webhook_id && draw());
}

function draw() {
  const bots = state.members.filter((one) => one.user.bot);
  const people = state.members.filter((one) => !one.user.bot);
  fill(byId("members"), section("Members", people), section("Apps", bots), voices());
}

function section(title, members) {
  if (!members.length) return [];
  return [h("h2", {}, `${title} — ${members.length}`), members.map(entry)].flat();
}

const mention = (name) => () => tell("mention", name);

function entry(one) {
  const name = displayName(one.user, one.nick);
  const online = !one.user.bot || state.status.online;
  return h(
    "button",
    {
      type: "button",
      class: "member",
      dataset: { userId: one.user.id },
      title: `Mention ${name}`,
      onclick: mention(name),
    },
    h("span", { class: online ? "presence online" : "presence" }, avatar(one.user, name, "medium")),
    h(
      "span",
      { class: "who" },
      name,
      one.user.bot ? h("span", { class: "badge" }, "APP") : null,
      h("span", { class: "sr" }, online ? ", online" : ", offline"),
    ),
    one.user.id === state.guild.owner_id ? icon("crown") : null,
  );
}

function voices() {
  const all = [...state.names.values()];
  if (!all.length) return [];
  return [
    h("h2", {}, `Speaking here — ${all.length}`),
    all.map((author) =>
      h(
        "button",
        { type: "button", class: "member", title: `Address ${author.username}`, onclick: mention(author.username) },
        avatar(author, author.username, "medium"),
        h("span", { class: "who" }, author.username),
      ),
    ),
  ].flat();
}
