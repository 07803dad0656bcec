/** Addresses that messages bring: which may be shown or opened, and the question before a masked one is. */

import { button, h } from "./dom.js";
import { openDialog } from "./dialogs.js";

/** `address` if it is an ordinary web address, else null (javascript:, data: and the like). */
export function webAddress(address) {
  if (!URL.canParse(address)) return null;
  return ["http:", "https:"].includes(new URL(address).protocol) ? address : null;
}

/** An image's address on this page's own origin; null for any other, which the page never asks for. */
export function ownImage(address) {
  if (!address || !URL.canParse(address, location.href)) return null;
  const url = new URL(address, location.href);
  const loopback = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname) && url.port === location.port;
  return loopback && url.pathname.startsWith("/cdn/") ? url.pathname + url.search : null;
}

export function openAway(address) {
  if (webAddress(address)) window.open(address, "_blank", "noopener,noreferrer");
}

/** Words can hide where a link leads: say it before going there. */
export function follow(event, address) {
  event.preventDefault();
  const dialog = openDialog(
    "Leaving the sandbox",
    [h("p", {}, "This link leads to"), h("p", { class: "address", testid: "link-address" }, address)],
    [
      button("Stay here", () => dialog.close(), { class: "plain" }),
      button(
        "Visit site",
        () => {
          dialog.close();
          openAway(address);
        },
        { class: "primary" },
      ),
    ],
  );
}
