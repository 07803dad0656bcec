/** Starts the page: every part listens to the state, then the socket is opened. */

import { startChannels } from "./channels.js";
import { startComposer } from "./composer.js";
import { byId, fill } from "./dom.js";
import { icon } from "./icons.js";
import { startMe } from "./me.js";
import { startMembers } from "./members.js";
import { startMessages } from "./messages.js";
import { line } from "./prose.js";
import { on, state, wire } from "./state.js";
import { startTyping } from "./typing.js";

const WIDE = matchMedia("(min-width: 1001px)");

function banner() {
  fill(byId("banner"), line(state.status.banner));
  byId("banner").hidden = !state.status.banner;
}

function connection(sentence) {
  byId("connection").hidden = !sentence;
  byId("connection").textContent = sentence;
}

function showMembers(shown) {
  byId("members").classList.toggle("away", !shown);
  byId("show-members").setAttribute("aria-pressed", String(shown));
}

function showSide(shown) {
  byId("app").classList.toggle("side-open", shown);
  byId("show-side").setAttribute("aria-expanded", String(shown));
}

function startSides() {
  fill(byId("show-side"), icon("menu"));
  fill(byId("show-members"), icon("people"));
  byId("show-side").addEventListener("click", (event) => {
    event.stopPropagation();
    showSide(!byId("app").classList.contains("side-open"));
  });
  byId("chat").addEventListener("click", () => showSide(false));
  byId("show-members").addEventListener("click", () => showMembers(byId("members").classList.contains("away")));
  document.addEventListener("keydown", (event) => event.key === "Escape" && showSide(false));
  WIDE.addEventListener("change", () => showMembers(WIDE.matches));
  showMembers(WIDE.matches);
}

for (const start of [startSides, startMe, startChannels, startMembers, startMessages, startTyping, startComposer])
  start();
on("hello", () => {
  banner();
  connection("");
});
on("status", banner);
on("lost", () => connection("Connection lost. Trying to reach the sandbox again…"));
wire.open(null);
