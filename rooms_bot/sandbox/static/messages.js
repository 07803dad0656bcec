/** The list of messages: drawn piece by piece as they come, kept at the newest unless one has scrolled up. */

import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { continues, drawMessage } from "./message.js";
import { attend } from "./actions.js";
import { current, on, readHistory, state } from "./state.js";
import { dayName, sameDay } from "./times.js";

const NEAR_PX = 80;
const STEP = 60;

const list = byId("messages");
const scroller = byId("scroller");
let stuck = true;

export function startMessages() {
  on("history", drawAll);
  on("channel", () => {
    stuck = true;
    fill(list);
  });
  on("message", drawOne);
  on("gone", remove);
  on("members", drawAll);
  on("reveal", reveal);
  on("sending", (is) => is && toPresent());
  on("editing", (id) => redraw(id));
  scroller.addEventListener("keydown", walk);
  scroller.addEventListener("scroll", scrolled, { passive: true });
  byId("to-present").addEventListener("click", toPresent);
  new ResizeObserver(() => stuck && toBottom()).observe(list);
  new ResizeObserver(() => stuck && toBottom()).observe(scroller);
}

function drawAll() {
  list.setAttribute("aria-busy", "true");
  const fromBottom = scroller.scrollHeight - scroller.scrollTop;
  fill(
    list,
    state.complete ? welcome() : null,
    state.messages.flatMap((sent, at) => [divider(at), draw(at)]),
  );
  if (stuck) toBottom();
  else scroller.scrollTop = scroller.scrollHeight - fromBottom;
  list.removeAttribute("aria-busy");
}

function draw(at) {
  const sent = state.messages[at];
  return attend(drawMessage(sent, continues(state.messages[at - 1], sent)), sent);
}

function divider(at) {
  const [before, sent] = [state.messages[at - 1], state.messages[at]];
  if (before && sameDay(before.timestamp, sent.timestamp)) return null;
  return h(
    "li",
    { class: "divider", role: "separator", "aria-label": dayName(sent.timestamp) },
    h("span", {}, dayName(sent.timestamp)),
  );
}

const nodeOf = (id) => byId(`message-${id}`);

/** Replaces or inserts the node of message `at`; its neighbour below may gain or lose its head. */
function drawOne({ message: sent, first }) {
  const at = state.messages.findIndex((one) => one.id === sent.id);
  const old = nodeOf(sent.id);
  const node = draw(at);
  if (old) old.replaceWith(node);
  else {
    const next = state.messages[at + 1];
    const parts = [divider(at), node].filter(Boolean);
    if (next) nodeOf(next.id).before(...parts);
    else list.append(...parts);
  }
  if (first) redraw(state.messages[at + 1]?.id);
  if (first && sent.author.id === state.me) stuck = true;
  if (stuck) toBottom();
  else byId("to-present").hidden = false;
}

function redraw(id) {
  const at = state.messages.findIndex((one) => one.id === id);
  if (at >= 0) nodeOf(id)?.replaceWith(draw(at));
}

function remove(id) {
  const node = nodeOf(id);
  const next = node?.nextElementSibling;
  if (node?.previousElementSibling?.classList.contains("divider") && !next?.dataset.messageId)
    node.previousElementSibling.remove();
  node?.remove();
  if (next?.dataset.messageId) redraw(next.dataset.messageId);
}

function welcome() {
  const channel = current();
  return h(
    "li",
    { class: "welcome" },
    h("span", { class: "welcome-icon" }, icon("hash")),
    h("h3", {}, `Welcome to #${channel?.name ?? ""}!`),
    h("p", {}, `This is the start of the #${channel?.name ?? ""} channel. Type / to see what the app can do.`),
  );
}

/** Up and Down go from message to message; the one with the focus shows what can be done with it. */
function walk(event) {
  const here = event.target;
  if ((here !== scroller && here.parentElement !== list) || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const all = [...list.querySelectorAll(":scope > .message")];
  const at = here === scroller ? all.length : all.indexOf(here);
  const next = all[at + (event.key === "ArrowUp" ? -1 : 1)];
  event.preventDefault();
  (next ?? scroller).focus();
}

function toBottom() {
  scroller.scrollTop = scroller.scrollHeight;
}

function toPresent() {
  stuck = true;
  byId("to-present").hidden = true;
  toBottom();
}

function scrolled() {
  stuck = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_PX;
  if (stuck) byId("to-present").hidden = true;
  if (scroller.scrollTop < NEAR_PX && !state.complete && state.messages.length && !list.dataset.reading) readOlder();
}

async function readOlder() {
  list.dataset.reading = "yes";
  await readHistory(state.limit + STEP).catch(console.warn);
  delete list.dataset.reading;
}

function reveal(id) {
  const node = nodeOf(id);
  if (!node) return;
  node.scrollIntoView({ block: "center" });
  node.classList.add("revealed");
  node.addEventListener("animationend", () => node.classList.remove("revealed"), { once: true });
}
