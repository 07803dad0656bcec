/** Embeds: the boxed, coloured quotations of apps. */

import { h } from "./dom.js";
import { ownImage, webAddress } from "./links.js";
import { line, prose } from "./prose.js";
import { stamp } from "./times.js";

export const embeds = (all) => all.map(embed);

const hex = (colour) => `#${(colour & 0xffffff).toString(16).padStart(6, "0")}`;

const image = (given, attributes) => {
  const source = ownImage(given?.proxy_url) ?? ownImage(given?.url);
  return source && h("img", { src: source, alt: "", ...attributes });
};

function linked(address, attributes, words) {
  const href = address && webAddress(address);
  return href
    ? h("a", { ...attributes, href, target: "_blank", rel: "noopener noreferrer nofollow" }, words)
    : h("span", attributes, words);
}

function embed(given) {
  const { author, footer, fields = [] } = given;
  const closing = [footer?.text, given.timestamp && stamp(given.timestamp)].filter(Boolean).join(" • ");
  return h(
    "article",
    { class: "embed", testid: "embed", css: given.color ? { "--edge": hex(given.color) } : {} },
    h(
      "div",
      { class: "embed-body" },
      author &&
        h(
          "div",
          { class: "embed-author" },
          image({ url: author.icon_url, proxy_url: author.proxy_icon_url }),
          linked(author.url, {}, author.name),
        ),
      given.title && h("div", {}, linked(given.url, { class: "embed-title" }, line(given.title))),
      given.description && h("div", { class: "prose" }, prose(given.description)),
      fields.length ? h("dl", { class: "fields" }, fields.map(field)) : null,
      image(given.image, { class: "embed-image" }),
      closing &&
        h("div", { class: "embed-foot" }, image({ url: footer?.icon_url, proxy_url: footer?.proxy_icon_url }), closing),
    ),
    image(given.thumbnail, { class: "embed-thumb" }),
  );
}

const field = (given) =>
  h(
    "div",
    { class: given.inline ? "field inline" : "field" },
    h("dt", {}, line(given.name)),
    h("dd", { class: "prose" }, prose(given.value)),
  );
