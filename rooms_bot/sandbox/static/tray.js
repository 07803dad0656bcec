/** Files on their way: picked, pasted or dropped, shown over the composer until they are sent. */

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

let files = [];

export const tray = h("div", { class: "files", testid: "files", hidden: true });

export const trayIsEmpty = () => !files.length;

export function addFiles(list) {
  if (list.length) show([...files, ...list]);
}

/** The files that were in the tray, which is empty afterwards. */
export function takeFiles() {
  const taken = files;
  show([]);
  return taken;
}

function show(next) {
  files = next;
  tray.hidden = !files.length;
  fill(tray, files.map(chip));
}

function chip(file) {
  const remove = () => show(files.filter((one) => one !== file));
  const bin = { type: "button", class: "icon-button", "aria-label": `Remove ${file.name}`, onclick: remove };
  return h("span", { class: "file-chip" }, icon("file"), h("span", {}, file.name), h("button", bin, icon("bin")));
}

/** A file as the socket carries it: {name, data in base64}. */
export async function asWire(file) {
  const reader = new FileReader();
  const read = new Promise((resolve, reject) => {
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
  });
  reader.readAsDataURL(file);
  const address = await read;
  return { name: file.name, data: address.slice(address.indexOf(",") + 1) };
}
