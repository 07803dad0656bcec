/** Reactions under a message, and the board to pick one from. */

import { button, h } from "./dom.js";
import { closeFloating, openFloating, walkable } from "./dialogs.js";
import { BOARD, emojiKey, partialEmoji } from "./emoji.js";
import { icon } from "./icons.js";
import { state, tell, wire } from "./state.js";

const complain = (error) => tell("notice", error.message);

export function reactions(sent) {
  return h(
    "div",
    { class: "reactions", testid: "reactions" },
    sent.reactions.map((one) => reaction(sent, one)),
    h(
      "button",
      {
        type: "button",
        class: "reaction add",
        "aria-label": "Add reaction",
        "aria-haspopup": "true",
        onclick: (event) => reactTo(event.currentTarget, sent),
      },
      icon("smile"),
    ),
  );
}

function reaction(sent, { emoji, count, me }) {
  const flip = () => wire.call(me ? "unreact" : "react", { message: sent.id, emoji: emojiKey(emoji) }).catch(complain);
  return h(
    "button",
    {
      type: "button",
      class: "reaction",
      "aria-pressed": String(me),
      "aria-label": `${emoji.name}, ${count} reaction${count === 1 ? "" : "s"}`,
      dataset: { emoji: emoji.name },
      onclick: flip,
    },
    partialEmoji(emoji),
    h("span", {}, String(count)),
  );
}

/** A board of emoji beside `anchor`; `pick` gets the chosen one, {id, name}. */
export function openBoard(anchor, pick) {
  const custom = (state.guild.emojis ?? []).map((emoji) => ({
    id: emoji.id,
    name: emoji.name,
    animated: emoji.animated,
  }));
  const choose = (emoji) => () => {
    closeFloating();
    pick(emoji);
  };
  const board = walkable(
    h(
      "div",
      { class: "board", testid: "emoji-board" },
      [...BOARD.map((name) => ({ id: null, name })), ...custom].map((emoji) =>
        button(partialEmoji(emoji), choose(emoji), { "aria-label": emoji.name }),
      ),
    ),
    "button",
  );
  openFloating(anchor, board, { attributes: { role: "dialog", "aria-label": "Emoji" } });
  board.querySelector("button").focus();
}

export const reactTo = (anchor, sent) =>
  openBoard(anchor, (emoji) => wire.call("react", { message: sent.id, emoji: emojiKey(emoji) }).catch(complain));
