/** Files under a message: pictures shown, everything else as a card to download. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { ownImage } from "./links.js";

const IMAGES = /^image\/(png|jpeg|gif|webp)$/;

export const attachments = (files) => h("div", { class: "attachments" }, files.map(attachment));

export function attachment(file) {
  const source = ownImage(file.url);
  const isPicture = source && IMAGES.test(file.content_type ?? "");
  return isPicture ? picture(file, source) : card(file, source);
}

const picture = (file, source) =>
  h(
    "a",
    {
      href: source,
      download: file.filename,
      class: "picture",
      testid: "attachment",
      title: `Download ${file.filename}`,
    },
    h("img", {
      src: source,
      alt: file.description ?? file.filename,
      width: file.width,
      height: file.height,
      loading: "lazy",
    }),
  );

function card(file, source) {
  const name = source ? h("a", { href: source, download: file.filename }, file.filename) : h("span", {}, file.filename);
  return h(
    "div",
    { class: "file", testid: "attachment" },
    icon("file"),
    h("div", { class: "file-words" }, name, h("small", {}, size(file.size))),
    source
      ? h(
          "a",
          {
            class: "icon-button",
            href: source,
            download: file.filename,
            "aria-label": `Download ${file.filename}`,
            testid: "download",
          },
          icon("download"),
        )
      : null,
  );
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1048576 ? `${(bytes / 1024).toFixed(2)} KB` : `${(bytes / 1048576).toFixed(2)} MB`;
}
