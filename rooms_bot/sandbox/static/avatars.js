/** Faces: a picture where there is one, else initials on a colour that a name always gets. */

import { h } from "./dom.js";
import { ownImage } from "./links.js";

const COLOURS = [
  "#5865f2",
  "#3ba55c",
  "#d83c3e",
  "#c27c0e",
  "#ad1457",
  "#206694",
  "#71368a",
  "#11806a",
  "#a84300",
  "#607d8b",
];

const colour = (name) =>
  COLOURS[[...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) >>> 0, 7) % COLOURS.length];

const initials = (name) =>
  name
    .replace(/[^\p{L}\p{N}\s]/gu, "")
    .trim()
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase() || "?";

function picture(user) {
  const given = user.avatar_url ?? user.avatar;
  if (!given) return null;
  if (/^https?:|^\//.test(given)) return ownImage(given);
  return /^\w+$/.test(given) ? `/cdn/avatars/${user.id}/${given}.png` : null;
}

/** `user` is a wire user; `size` "" (40), "medium" (32) or "small" (16). */
export function avatar(user, name, size = "") {
  const face = h(
    "span",
    { class: ["avatar", size], "aria-hidden": "true", css: { "--avatar": colour(name) } },
    initials(name),
  );
  const source = picture(user);
  if (source) {
    const image = h("img", { src: source, alt: "", draggable: "false" });
    image.addEventListener("error", () => image.replaceWith(initials(name)));
    face.replaceChildren(image);
  }
  return face;
}
