/** What one can do with a message: the bar that appears over it, its menu of apps, and editing in place. */

import { button, fill, h } from "./dom.js";
import { closeFloating, openDialog, openFloating, walkable } from "./dialogs.js";
import { icon } from "./icons.js";
import { runContext } from "./interactions.js";
import { reactTo } from "./reactions.js";
import { EPHEMERAL, message, state, tell, wire } from "./state.js";

let editing = null;

const complain = (error) => tell("notice", error.message);

/** Give `node`, the drawing of `sent`, its bar; or the editor while it is being edited. */
export function attend(node, sent) {
  const mine = sent.author.id === state.me && !sent.webhook_id;
  if (editing === sent.id && mine) edit(node, sent);
  else if (!(sent.flags & EPHEMERAL)) node.append(bar(sent, mine));
  return node;
}

function bar(sent, mine) {
  const tool = (name, label, onclick) =>
    h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick }, icon(name));
  return h(
    "div",
    { class: "actions", role: "toolbar", "aria-label": "Message actions" },
    tool("smile", "Add reaction", (event) => reactTo(event.currentTarget, sent)),
    mine && tool("pencil", "Edit", () => startEditing(sent.id)),
    tool("reply", "Reply", () => tell("reply", message(sent.id))),
    mine && tool("bin", "Delete", () => confirmDelete(sent)),
    tool("more", "More", (event) => openMenu(event.currentTarget, sent, mine)),
  );
}

async function openMenu(anchor, sent, mine) {
  const commands = await wire.call("commands").catch(() => []);
  const then = (deed) => () => {
    closeFloating();
    deed();
  };
  const entry = (picture, words, deed) =>
    h("button", { type: "button", role: "menuitem", class: "entry", onclick: then(deed) }, words, icon(picture));
  const apps = commands.filter((command) => command.type === 3);
  const menu = walkable(
    h(
      "div",
      { role: "menu", "aria-label": "Message" },
      entry("reply", "Reply", () => tell("reply", message(sent.id))),
      mine && entry("pencil", "Edit Message", () => startEditing(sent.id)),
      entry("file", "Copy Text", () => navigator.clipboard?.writeText(sent.content).catch(complain)),
      apps.length ? h("p", { class: "entry-head" }, "Apps") : null,
      apps.map((command) => entry("apps", command.name, () => runContext(command.name, sent.id))),
      mine && entry("bin", "Delete Message", () => confirmDelete(sent)),
    ),
    "[role=menuitem]",
  );
  openFloating(anchor, menu, { attributes: { class: "floating menu", "data-testid": "message-menu" } });
  menu.querySelector("[role=menuitem]").focus();
}

export function confirmDelete(sent) {
  const remove = () => {
    dialog.close();
    wire.call("delete", { message: sent.id }).catch(complain);
  };
  const dialog = openDialog("Delete Message", h("p", {}, "Are you sure you want to delete this message?"), [
    button("Cancel", () => dialog.close(), { class: "plain" }),
    button("Delete", remove, { class: "danger" }),
  ]);
}

/** Edit the message with this id where it stands; null to stop. */
export function startEditing(id) {
  const before = editing;
  editing = id;
  if (before) tell("editing", before);
  if (id) tell("editing", id);
}

export function editLast() {
  const own = state.messages.filter((sent) => sent.author.id === state.me && !(sent.flags & EPHEMERAL)).at(-1);
  if (own) startEditing(own.id);
}

function edit(node, sent) {
  const stop = () => {
    startEditing(null);
    tell("focus");
  };
  const save = () => {
    const content = field.value.trim();
    if (!content && !sent.attachments?.length) return confirmDelete(sent);
    stop();
    if (content !== sent.content) wire.call("edit", { message: sent.id, content }).catch(complain);
  };
  const field = h("textarea", {
    "aria-label": "Edit message",
    testid: "edit-field",
    rows: Math.min(12, sent.content.split("\n").length),
    onkeydown: (event) => {
      if (event.key === "Escape") stop();
      else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        save();
      }
    },
  });
  field.value = sent.content;
  fill(
    node.querySelector(".body"),
    h(
      "div",
      { class: "editor" },
      field,
      h(
        "small",
        {},
        "escape to ",
        button("cancel", stop, { class: "as-link" }),
        " • enter to ",
        button("save", save, { class: "as-link" }),
      ),
    ),
  );
  queueMicrotask(
    () => field.isConnected && (field.focus(), field.setSelectionRange(field.value.length, field.value.length)),
  );
}
