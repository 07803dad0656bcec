/** Message components: rows of buttons and selects, and the building blocks of Components V2. */

import { attachment } from "./attachments.js";
import { h } from "./dom.js";
import { partialEmoji } from "./emoji.js";
import { icon } from "./icons.js";
import { press } from "./interactions.js";
import { openAway, ownImage, webAddress } from "./links.js";
import { prose } from "./prose.js";
import { selectMenu } from "./selects.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "primary" };

export const rows = (sent) =>
  h(
    "div",
    { class: "components", testid: "components" },
    sent.components.map((one) => component(one, sent)),
  );

function component(given, sent) {
  return (
    DRAW[given.type]?.(given, sent) ??
    h("p", { class: "notice" }, `A component this page does not know (type ${given.type})`)
  );
}

const inner = (given, sent) => (given.components ?? []).map((one) => component(one, sent));

const DRAW = {
  1: (given, sent) => h("div", { class: "row" }, inner(given, sent)),
  2: pressable,
  3: select,
  5: select,
  6: select,
  7: select,
  8: select,
  9: (given, sent) =>
    h(
      "div",
      { class: "section" },
      h("div", { class: "section-words" }, inner(given, sent)),
      given.accessory && component(given.accessory, sent),
    ),
  10: (given, sent) => h("div", { class: "prose", testid: "text-display" }, prose(given.content, sent.mentions)),
  11: (given) => media(given, "thumbnail"),
  12: (given) =>
    h(
      "div",
      { class: "gallery" },
      given.items.map((item) => media(item, "gallery-item")),
    ),
  13: (given) => file(given),
  14: (given) => h("hr", { class: ["separator", given.divider === false && "blank", given.spacing === 2 && "wide"] }),
  17: (given, sent) => container(given, sent),
};

function pressable(given, sent) {
  const link = given.style === 5;
  if (link && !webAddress(given.url))
    return h("button", { type: "button", class: "button link", disabled: true }, given.label ?? "");
  const go = async (event) => {
    if (link) return openAway(given.url);
    const pressed = event.currentTarget;
    pressed.classList.add("busy");
    pressed.setAttribute("aria-busy", "true");
    await press(sent, given.custom_id);
    pressed.classList.remove("busy");
    pressed.removeAttribute("aria-busy");
  };
  return h(
    "button",
    {
      type: "button",
      class: ["button", STYLES[given.style]],
      disabled: given.disabled,
      title: link ? given.url : null,
      dataset: { customId: given.custom_id ?? "" },
      onclick: go,
    },
    h("span", { class: "button-words" }, given.emoji && partialEmoji(given.emoji), given.label, link && icon("link")),
    h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
  );
}

function select(given, sent) {
  return selectMenu(given, { onchoose: (values) => press(sent, given.custom_id, values) }).node;
}

function media(given, kind) {
  const source = ownImage(given.media.proxy_url) ?? ownImage(given.media.url);
  if (!source) return h("p", { class: ["notice", kind] }, "A picture from another site, not loaded here");
  const image = h("img", { class: kind, src: source, alt: given.description ?? "", loading: "lazy" });
  return given.spoiler ? covered(image) : image;
}

function file(given) {
  const url = given.file.proxy_url ?? given.file.url;
  const card = attachment({ url, filename: given.name ?? url.split("/").at(-1), size: given.size ?? 0 });
  return given.spoiler ? covered(card) : card;
}

function container(given, sent) {
  const colour = given.accent_color;
  const box = h(
    "div",
    {
      class: "container",
      css:
        colour === null || colour === undefined
          ? {}
          : { "--edge": `#${(colour & 0xffffff).toString(16).padStart(6, "0")}` },
    },
    inner(given, sent),
  );
  return given.spoiler ? covered(box) : box;
}

function covered(content) {
  content.inert = true;
  const cover = h(
    "div",
    { class: "cover" },
    content,
    h(
      "button",
      {
        type: "button",
        class: "uncover",
        onclick: () => {
          content.inert = false;
          cover.replaceWith(content);
        },
      },
      "SPOILER",
    ),
  );
  return cover;
}
