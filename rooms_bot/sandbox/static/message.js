/** Draws one message as Discord does: who, when, what it answers, its text and everything attached. */

import { attachments } from "./attachments.js";
import { avatar } from "./avatars.js";
import { rows } from "./components.js";
import { button, h } from "./dom.js";
import { embeds } from "./embeds.js";
import { icon } from "./icons.js";
import { line, onlyEmoji, prose } from "./prose.js";
import { reactions } from "./reactions.js";
import {
  COMPONENTS_V2,
  EPHEMERAL,
  LOADING,
  SUPPRESS_EMBEDS,
  displayName,
  drop,
  member,
  message as known,
  state,
  tell,
  wire,
} from "./state.js";
import { systemLine } from "./system.js";
import { fullDate, sameDay, shortClock, stamp } from "./times.js";

const GROUP_MS = 7 * 60 * 1000;
const ORDINARY = [0, 19, 20, 23];

const answered = (sent) => sent.interaction_metadata ?? sent.interaction;

/** Whether `sent` goes under `before` without a head of its own. */
export function continues(before, sent) {
  if (!before || !ORDINARY.includes(before.type ?? 0) || (sent.type ?? 0) !== 0) return false;
  if (before.author.id !== sent.author.id || before.author.username !== sent.author.username) return false;
  if (sent.message_reference || (sent.flags ^ before.flags) & EPHEMERAL) return false;
  return sameDay(before.timestamp, sent.timestamp) && new Date(sent.timestamp) - new Date(before.timestamp) < GROUP_MS;
}

export function drawMessage(sent, grouped) {
  const name = displayName(sent.author);
  const ordinary = ORDINARY.includes(sent.type ?? 0);
  return h(
    "li",
    {
      id: `message-${sent.id}`,
      class: [
        "message",
        grouped && "grouped",
        sent.flags & EPHEMERAL && "ephemeral",
        mentionsMe(sent) && "mentioned",
        !ordinary && "system",
      ],
      dataset: { messageId: sent.id, author: name },
      testid: "message",
      tabindex: -1,
    },
    ordinary ? spoken(sent, name, grouped) : systemLine(sent, name),
  );
}

function spoken(sent, name, grouped) {
  return [
    above(sent),
    grouped
      ? h(
          "time",
          { class: "margin-time", datetime: sent.timestamp, title: fullDate(sent.timestamp) },
          shortClock(sent.timestamp),
        )
      : h("span", { class: "face" }, avatar(sent.author, name)),
    h(
      "div",
      { class: "content" },
      h(
        "div",
        { class: grouped ? "sr" : "head" },
        h("span", { class: "author", testid: "author" }, name),
        badge(sent),
        h("time", { datetime: sent.timestamp, title: fullDate(sent.timestamp) }, stamp(sent.timestamp)),
      ),
      inside(sent),
    ),
  ];
}

const badge = (sent) =>
  ((sent.author.bot || sent.webhook_id) && h("span", { class: "badge", testid: "app-badge" }, "APP")) || null;

function inside(sent) {
  if (sent.flags & LOADING) return [thinking(name(sent)), footer(sent)];
  return [
    h("div", { class: "body", testid: "message-content" }, words(sent)),
    sent.attachments?.length ? attachments(sent.attachments) : null,
    !(sent.flags & SUPPRESS_EMBEDS) && sent.embeds?.length ? embeds(sent.embeds) : null,
    sent.components?.length ? rows(sent) : null,
    sent.poll ? h("p", { class: "notice" }, `📊 ${sent.poll.question?.text ?? "Poll"}`) : null,
    sent.reactions?.length ? reactions(sent) : null,
    sent.thread ? threadLink(sent.thread) : null,
    sent.failed ? h("p", { class: "failed", role: "alert" }, sent.failed) : null,
    footer(sent),
  ];
}

const name = (sent) => displayName(sent.author);

function words(sent) {
  if (!sent.content) return sent.edited_timestamp && !(sent.flags & COMPONENTS_V2) ? [edited(sent)] : [];
  return [
    h(
      "div",
      { class: ["prose", onlyEmoji(sent.content) && "large"] },
      prose(sent.content, sent.mentions),
      sent.edited_timestamp ? edited(sent) : null,
    ),
  ];
}

const edited = (sent) => h("span", { class: "edited", title: fullDate(sent.edited_timestamp) }, " (edited)");

const thinking = (who) =>
  h(
    "p",
    { class: "thinking", testid: "thinking" },
    h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
    `${who} is thinking…`,
  );

function footer(sent) {
  if (!(sent.flags & EPHEMERAL)) return null;
  const dismiss = () =>
    (sent.local ? Promise.resolve() : wire.call("dismiss", { message: sent.id })).then(
      () => drop(sent.id),
      (error) => tell("notice", error.message),
    );
  return h(
    "p",
    { class: "only-you", testid: "only-you" },
    icon("eye"),
    "Only you can see this • ",
    button("Dismiss message", dismiss, { class: "as-link" }),
  );
}

function above(sent) {
  if (sent.type === 19 || (sent.message_reference && sent.type !== 21)) return replied(sent);
  const asked = answered(sent);
  if (!asked || sent.type === 0) return null;
  const user = asked.user ?? member(asked.user_id)?.user;
  if (!user) return null;
  const command = commandName(sent, asked);
  return h(
    "div",
    { class: "above" },
    h("span", { class: "spine", "aria-hidden": "true" }),
    avatar(user, displayName(user), "small"),
    h("b", {}, displayName(user)),
    command ? " used " : " used an app",
    command ? h("span", { class: "mention" }, command) : null,
  );
}

function commandName(sent, asked) {
  const name = sent.interaction?.name ?? asked.name;
  return name ? (sent.type === 23 ? name : `/${name}`) : null;
}

function replied(sent) {
  const target = sent.referenced_message ?? known(sent.message_reference.message_id);
  const spine = h("span", { class: "spine", "aria-hidden": "true" });
  if (!target) return h("div", { class: "above" }, spine, h("em", {}, "Original message was deleted"));
  const who = displayName(target.author);
  const text = target.content
    ? line(target.content.replace(/\s+/g, " "), target.mentions)
    : h("em", {}, "Click to see attachment");
  return h(
    "div",
    { class: "above", testid: "reply-line" },
    spine,
    avatar(target.author, who, "small"),
    badge(target),
    h("b", {}, who),
    h(
      "button",
      {
        type: "button",
        class: "quoted",
        "aria-label": `Go to the message of ${who}`,
        onclick: () => tell("reveal", target.id),
      },
      text,
    ),
  );
}

const threadLink = (thread) =>
  h(
    "button",
    { type: "button", class: "thread-link", testid: "thread-link", onclick: () => tell("go", thread.id) },
    icon("thread"),
    h("b", {}, thread.name),
    h("span", {}, "See thread ›"),
  );

function mentionsMe(sent) {
  if (sent.author.id === state.me) return false;
  const mine = member(state.me)?.roles ?? [];
  return (
    sent.mention_everyone ||
    sent.mentions?.some((user) => user.id === state.me) ||
    sent.mention_roles?.some((role) => mine.includes(role))
  );
}
