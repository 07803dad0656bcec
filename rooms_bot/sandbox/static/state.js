/** What the window knows: who one is, the server, and each channel's messages, kept up to date event by event. */

import { Wire } from "./wire.js";

export const EPHEMERAL = 64;
export const LOADING = 128;
export const COMPONENTS_V2 = 32768;
export const SUPPRESS_EMBEDS = 4;

export const wire = new Wire();

export const state = {
  me: null,
  people: [],
  guild: { name: "", roles: [], emojis: [] },
  channels: [],
  members: [],
  status: { banner: "", online: false },
  channel: null,
  messages: [],
  limit: 60,
  complete: false,
  unread: new Set(),
  names: new Map(),
};

const topics = new EventTarget();

/** Call `deed(detail)` whenever `topic` happens: hello, channel, channels, members, message, gone, typing, status, history. */
export const on = (topic, deed) => topics.addEventListener(topic, (event) => deed(event.detail));

export const tell = (topic, detail) => topics.dispatchEvent(new CustomEvent(topic, { detail }));

export const member = (id) => state.members.find((one) => one.user.id === id);

export function displayName(user, nick) {
  const known = user.id && member(user.id);
  return nick || known?.nick || user.global_name || user.username;
}

export const current = () => state.channels.find((channel) => channel.id === state.channel);

export const message = (id) => state.messages.find((one) => one.id === id);

export const isLater = (a, b) => (a.length === b.length ? a > b : a.length > b.length);

/** Put a message where it belongs by its id; `first` says whether it was not there before. */
export function keep(sent) {
  if (sent.channel_id !== state.channel) return;
  remember(sent);
  const place = state.messages.findIndex((one) => one.id === sent.id);
  if (place >= 0) {
    state.messages[place] = { ...state.messages[place], ...sent };
    tell("message", { message: state.messages[place], first: false });
    return;
  }
  let end = state.messages.length;
  while (end && isLater(state.messages[end - 1].id, sent.id)) end -= 1;
  state.messages.splice(end, 0, sent);
  tell("message", { message: sent, first: true });
}

export function drop(id) {
  const place = state.messages.findIndex((one) => one.id === id);
  if (place < 0) return;
  state.messages.splice(place, 1);
  tell("gone", id);
}

/** Names that webhooks spoke under, for `@` and for the member list's guests; an app's own answers come by one too. */
function remember(sent) {
  if (sent.webhook_id && !member(sent.author.id)) state.names.set(sent.author.username, sent.author);
}

export async function readHistory(limit = state.limit) {
  const channel = state.channel;
  const messages = await wire.call("history", { channel, limit });
  if (channel !== state.channel) return;
  state.limit = limit;
  state.complete = messages.length < limit;
  state.messages = messages;
  messages.forEach(remember);
  tell("history");
}

export async function enter(channel) {
  if (channel !== state.channel)
    Object.assign(state, { channel, messages: [], limit: 60, complete: false, names: new Map() });
  state.unread.delete(channel);
  tell("channel");
  await readHistory();
}

const deeds = {
  HELLO: greet,
  STATUS: (status) => Object.assign(state, { status }) && tell("status"),
  MESSAGE_CREATE: created,
  MESSAGE_UPDATE: (sent) => message(sent.id) && keep({ ...sent, failed: null }),
  MESSAGE_DELETE: ({ id }) => drop(id),
  MESSAGE_DELETE_BULK: ({ ids }) => ids.forEach(drop),
  MESSAGE_REACTION_ADD: (reaction) => react(reaction, 1),
  MESSAGE_REACTION_REMOVE: (reaction) => react(reaction, -1),
  MESSAGE_REACTION_REMOVE_ALL: ({ message_id: id }) => message(id) && keep({ ...message(id), reactions: [] }),
  TYPING_START: (typing) => tell("typing", typing),
};

function receive({ t, d }) {
  if (deeds[t]) deeds[t](d);
  else if (/^(CHANNEL|THREAD)_/.test(t)) refresh("channels");
  else if (/^GUILD_MEMBER_|^PRESENCE_/.test(t)) refresh("members");
}

function refresh(what) {
  wire.call(what).then((list) => {
    state[what] = list;
    tell(what);
  }, console.warn);
}

function greet(hello) {
  const changed = state.me !== hello.me;
  Object.assign(state, hello);
  if (changed) state.unread.clear();
  tell("hello");
  const wished = state.channel ?? location.hash.slice(1);
  const text = state.channels.filter((channel) => channel.type !== 4);
  enter((text.find((channel) => channel.id === wished) ?? text[0]).id).catch(console.warn);
}

function created(sent) {
  if (sent.channel_id === state.channel) return keep(sent);
  state.unread.add(sent.channel_id);
  tell("channels");
}

function react({ message_id: id, user_id: user, emoji }, step) {
  const target = message(id);
  if (!target) return;
  const same = (one) => (emoji.id ? one.emoji.id === emoji.id : one.emoji.name === emoji.name);
  const reactions = (target.reactions ?? []).map((one) => ({ ...one }));
  let entry = reactions.find(same);
  if (!entry) reactions.push((entry = { emoji, count: 0, me: false }));
  entry.count += step;
  if (user === state.me) entry.me = step > 0;
  keep({ ...target, reactions: reactions.filter((one) => one.count > 0) });
}

wire.addEventListener("event", (event) => receive(event.detail));
wire.addEventListener("lost", () => tell("lost"));
