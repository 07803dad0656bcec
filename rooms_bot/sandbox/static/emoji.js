/** Emoji: custom ones as pictures from the sandbox's CDN, and a small board to react with. */

import { h } from "./dom.js";
import { ownImage } from "./links.js";

export const BOARD =
  "👍 👎 ❤️ 😂 😮 😢 😡 🎉 🤔 👀 🙏 🔥 💯 ✅ ❌ ⭐ 💡 🚀 👏 🙌 🤝 😀 😅 😉 😎 🥳 🤯 😴 📌 📚 ☕ 🦉".split(" ");

export const emojiAddress = ({ id, animated }) => `/cdn/emojis/${id}.${animated ? "gif" : "png"}`;

export function emojiImage({ id, name, animated }) {
  const source = ownImage(emojiAddress({ id, animated }));
  const image = h("img", { class: "emoji", src: source, alt: `:${name}:`, title: `:${name}:`, draggable: "false" });
  image.addEventListener("error", () => image.replaceWith(`:${name}:`));
  return image;
}

/** A reaction's, button's or option's emoji, as the wire has it: {id, name} or {name}. */
export function partialEmoji(emoji) {
  return emoji.id ? emojiImage(emoji) : h("span", { class: "glyph" }, emoji.name ?? "");
}

/** As people.react wants it. */
export const emojiKey = (emoji) => (emoji.id ? `${emoji.name}:${emoji.id}` : emoji.name);
