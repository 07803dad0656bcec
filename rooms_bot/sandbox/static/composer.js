/** The line at the bottom: messages, replies, files, and commands typed or chosen. */

import { editLast } from "./actions.js";
import { catalogue, refreshCatalogue, world } from "./catalogue.js";
import { CommandForm } from "./command_form.js";
import { checked, named, rawValues } from "./commands.js";
import { byId, fill, h } from "./dom.js";
import { addressed, hints } from "./hints.js";
import { icon } from "./icons.js";
import { runCommand } from "./interactions.js";
import { openBoard } from "./reactions.js";
import { current, displayName, on, state, wire } from "./state.js";
import { Suggestions } from "./suggestions.js";
import { addFiles, asWire, takeFiles, tray, trayIsEmpty } from "./tray.js";

const LIMIT = 2000;
const TYPING_AGAIN_MS = 8000;

const suggestions = new Suggestions();
const drafts = new Map();
const now = { reply: null, form: null, asked: 0, typedAt: 0, doubt: "", channel: null };

const error = h("p", { class: "composer-error", role: "alert", testid: "composer-error", hidden: true });
const replying = h("div", { class: "replying", testid: "replying", hidden: true });
const count = h("span", { class: "count", "aria-live": "off" });
const field = h("textarea", {
  rows: 1,
  testid: "composer",
  role: "combobox",
  "aria-label": "Message",
  "aria-autocomplete": "list",
  "aria-haspopup": "listbox",
  "aria-expanded": "false",
  autocomplete: "off",
  oninput: typed,
  onkeydown: keys,
  onpaste: (event) => addFiles(event.clipboardData.files),
  onblur: () => now.form ?? suggestions.hide(),
});
const picker = h("input", {
  type: "file",
  multiple: true,
  hidden: true,
  testid: "file-picker",
  onchange: () => {
    addFiles(picker.files);
    picker.value = "";
  },
});
const bar = h(
  "div",
  { class: "bar" },
  h(
    "button",
    {
      type: "button",
      class: "icon-button plus",
      "aria-label": "Add files",
      title: "Add files",
      onclick: () => picker.click(),
    },
    icon("plus"),
  ),
  picker,
  field,
  count,
  h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": "Emoji",
      title: "Emoji",
      onclick: (event) => openBoard(event.currentTarget, insertEmoji),
    },
    icon("smile"),
  ),
  h(
    "button",
    { type: "button", class: "icon-button send", "aria-label": "Send message", title: "Send", onclick: () => submit() },
    icon("arrow"),
  ),
);
const box = h("div", { class: "box" }, replying, tray, bar);

export function startComposer() {
  fill(byId("composer"), suggestions.node, error, box);
  const area = byId("conversation");
  area.addEventListener("dragover", (event) => event.preventDefault());
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    addFiles(event.dataTransfer.files);
  });
  on("channel", changeChannel);
  on("channels", relabel);
  on("reply", (sent) => {
    now.reply = sent;
    showReply();
    focus();
  });
  on("notice", complain);
  on("focus", focus);
  on("hello", () => refreshCatalogue().catch(() => {}));
  on("mention", (name) => {
    put(`${field.value}${field.value && !/\s$/.test(field.value) ? " " : ""}@${name} `);
    focus();
  });
  document.addEventListener("keydown", typeAnywhere);
}

function changeChannel() {
  if (now.channel && now.channel !== state.channel) {
    drafts.set(now.channel, field.value);
    leaveForm();
    put(drafts.get(state.channel) ?? "");
    now.reply = null;
    takeFiles();
    showReply();
    complain("");
  }
  now.channel = state.channel;
  relabel();
}

function relabel() {
  const channel = current();
  if (!channel) return;
  const forum = channel.type === 15;
  field.disabled = forum;
  field.placeholder = forum
    ? "Choose a post of this forum to write in"
    : `Message ${channel.type >= 10 ? "" : "#"}${channel.name}`;
  field.setAttribute("aria-label", field.placeholder);
}

export const focus = () => !now.form && field.focus();

function complain(sentence) {
  error.hidden = !sentence;
  fill(error, sentence);
}

/** Put `text` into the field as if it had been typed. */
function put(text) {
  field.value = text;
  field.setSelectionRange(text.length, text.length);
  typed();
}

function typed() {
  complain("");
  now.doubt = "";
  const left = LIMIT - field.value.length;
  count.replaceChildren(left < 200 ? String(left) : "");
  count.classList.toggle("over", left < 0);
  if (!CSS.supports("field-sizing", "content")) {
    field.style.setProperty("height", "auto");
    field.style.setProperty("height", `${field.scrollHeight}px`);
  }
  if (field.value && !field.value.startsWith("/")) sayTyping();
  suggest();
}

function sayTyping() {
  if (Date.now() - now.typedAt < TYPING_AGAIN_MS) return;
  now.typedAt = Date.now();
  wire.call("typing", { channel: state.channel }).catch(() => {});
}

async function suggest() {
  const asked = ++now.asked;
  const text = field.value.slice(0, field.selectionStart);
  suggestions.stale();
  const use = (before) => put(before + field.value.slice(text.length));
  if (text === "/") await refreshCatalogue().catch(() => {});
  const found = text ? await hints(text, { use, open: openForm }) : null;
  if (asked !== now.asked || now.form || document.activeElement !== field) return;
  if (found) suggestions.show(field, found);
  else suggestions.hide();
}

function keys(event) {
  if (event.isComposing) return;
  const listed = suggestions.any;
  const deed = {
    Enter: () => (event.shiftKey ? false : enter()),
    Tab: () => (listed && !event.shiftKey ? suggestions.take() : false),
    ArrowDown: () => (listed ? suggestions.move(1) : false),
    ArrowUp: () => (listed ? suggestions.move(-1) : field.value === "" ? editLast() : false),
    Escape: () => (suggestions.open ? suggestions.hide() : cancelReply()),
  }[event.key];
  if (deed && deed() !== false) event.preventDefault();
}

function enter() {
  if (!suggestions.marked || wholeCommand()) return submit();
  return suggestions.take();
}

/** Whether the text already is a command's full name: then Enter sends it instead of choosing it from the list. */
function wholeCommand() {
  const found = field.value.startsWith("/") && named(field.value, catalogue.leaves);
  return Boolean(found) && !suggestions.moved && found.rest.trim() === "";
}

async function submit() {
  const text = field.value.trim();
  now.asked += 1;
  suggestions.hide();
  if (now.form) return now.form.submit();
  if (text.startsWith("/") && trayIsEmpty()) return submitCommand(text);
  if (text || !trayIsEmpty()) await say(text);
}

async function submitCommand(text) {
  try {
    if (!named(text, catalogue.leaves)) await refreshCatalogue();
    const found = named(text, catalogue.leaves);
    if (!found) return doubtful(text);
    const raw = rawValues(found.rest, found.leaf);
    if (!found.rest.trim() && found.leaf.options.some((option) => option.required)) return openForm(found.leaf);
    return run(found.leaf, checked(raw, found.leaf, world()));
  } catch (fault) {
    return complain(fault.message);
  }
}

/** A slash with no command behind it goes out as words only when Enter is pressed twice. */
function doubtful(text) {
  if (now.doubt === text) return say(text);
  complain("There is no such command. Press Enter again to send it as a message.");
  now.doubt = text;
  return null;
}

async function run(leaf, values) {
  leaveForm();
  put("");
  await runCommand(leaf.path, values);
}

function openForm(leaf, raw = {}) {
  suggestions.hide();
  now.form = new CommandForm(leaf, suggestions, {
    leave: () => {
      leaveForm();
      put("");
      focus();
    },
    send: run,
    complain,
  });
  bar.hidden = true;
  box.append(now.form.node);
  now.form.begin(raw);
}

function leaveForm() {
  if (!now.form) return;
  const inside = now.form.node.contains(document.activeElement);
  now.form.node.remove();
  now.form = null;
  bar.hidden = false;
  suggestions.hide();
  complain("");
  if (inside) field.focus();
}

async function say(text) {
  if (text.length > LIMIT) return complain(`Your message is too long: ${text.length} characters, of ${LIMIT}.`);
  const { reply } = now;
  const files = takeFiles();
  Object.assign(now, { reply: null, typedAt: 0 });
  put("");
  showReply();
  try {
    const wired = await Promise.all(files.map(asWire));
    await wire.call("say", {
      channel: state.channel,
      content: addressed(text),
      reply_to: reply?.id ?? null,
      files: wired,
    });
  } catch (fault) {
    if (!field.value) put(text);
    addFiles(files);
    complain(fault.message);
  }
  return null;
}

function cancelReply() {
  if (!now.reply) return false;
  now.reply = null;
  return showReply();
}

function showReply() {
  replying.hidden = !now.reply;
  fill(
    replying,
    now.reply && [
      h("span", {}, "Replying to ", h("b", {}, displayName(now.reply.author))),
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": "Do not reply",
          onclick: () => {
            cancelReply();
            focus();
          },
        },
        icon("close"),
      ),
    ],
  );
}

function insertEmoji(emoji) {
  const text = emoji.id ? `<${emoji.animated ? "a" : ""}:${emoji.name}:${emoji.id}>` : emoji.name;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  typed();
  focus();
}

/** As in Discord, one may start to type wherever the focus is. */
function typeAnywhere(event) {
  const plain = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  const free = document.activeElement === document.body || document.activeElement === byId("scroller");
  if (plain && free && event.key !== " ") focus();
}
