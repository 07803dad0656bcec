/** Line drawings for buttons, as SVG nodes; decorative, so hidden from screen readers. */

const PATHS = {
  hash: "M10 3 8.700 9H4v2h4.300l-1 4H3v2h3.900L6 21h2.100l.9-4h4l-.9 4h2.100l.9-4H20v-2h-4.300l1-4H21V9h-3.900L18 3h-2.100l-1.200 6h-4L12 3Zm.3 8h4l-1 4h-4Z",
  news: "M3 9v6h3l1.500 5H10l-1-5h2l8 4V5l-8 4Zm18 1v4a2 2 0 0 0 0-4Z",
  forum: "M4 4h16a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1h-8l-5 4v-4H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1Zm3 4v2h10V8Zm0 4v2h7v-2Z",
  thread: "M5 3h2v6h5V5h7v2h-5v8h5v2h-7v-6H7v8h5v-2h2v4H5Z",
  people:
    "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm0 2c-4 0-8 2-8 5v2h16v-2c0-3-4-5-8-5Zm8-2a3.500 3.500 0 0 0 0-7 6 6 0 0 1 0 7Zm1.500 2.300A6 6 0 0 1 19 18v2h4v-2c0-2.200-1.800-3.900-4.500-4.700Z",
  menu: "M3 5h18v2H3Zm0 6h18v2H3Zm0 6h18v2H3Z",
  plus: "M11 4h2v7h7v2h-7v7h-2v-7H4v-2h7Z",
  close:
    "m6.400 5 5.600 5.600L17.600 5 19 6.400 13.400 12l5.600 5.600-1.400 1.400-5.600-5.600L6.400 19 5 17.600l5.600-5.600L5 6.400Z",
  reply: "M10 8.300V4L2 11.500 10 19v-4.400c5.500 0 9.200 1.700 12 5.600-1-6-4-11-12-11.900Z",
  pencil:
    "m4 16.500 10.600-10.600 3.500 3.500L7.500 20H4ZM16 4.500l1.300-1.300a1 1 0 0 1 1.400 0l2.100 2.100a1 1 0 0 1 0 1.400L19.500 8Z",
  bin: "M9 3h6l1 2h5v2H3V5h5ZM5 9h14l-1 11a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1Z",
  smile:
    "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm0 2a8 8 0 1 1 0 16 8 8 0 0 1 0-16ZM8.500 8.500a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3Zm7 0a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3ZM7 13.500c.8 2.500 2.700 4 5 4s4.200-1.500 5-4h-2.200c-.6 1.300-1.600 2-2.800 2s-2.200-.7-2.800-2Z",
  more: "M6 10a2 2 0 1 0 0 4 2 2 0 0 0 0-4Zm6 0a2 2 0 1 0 0 4 2 2 0 0 0 0-4Zm6 0a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z",
  apps: "M4 4h7v7H4Zm9 0h7v7h-7Zm-9 9h7v7H4Zm12 0h2v3h3v2h-3v3h-2v-3h-3v-2h3Z",
  file: "M6 2h8l5 5v14a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1Zm7 2v5h4.500ZM8 12v2h8v-2Zm0 4v2h8v-2Z",
  download: "M11 3h2v9.200l3.300-3.300 1.400 1.400L12 16l-5.700-5.700 1.400-1.400 3.300 3.300ZM4 18h16v2H4Z",
  crown: "M3 7l4.500 4L12 4l4.500 7L21 7l-2 12H5Z",
  eye: "M12 5c5 0 8.500 3.800 10 7-1.500 3.200-5 7-10 7s-8.500-3.800-10-7c1.500-3.200 5-7 10-7Zm0 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8Zm0 2.200a1.800 1.800 0 1 1 0 3.600 1.800 1.800 0 0 1 0-3.600Z",
  link: "M14 4h6v6h-2V7.400l-8.300 8.300-1.400-1.400L16.600 6H14ZM5 6h6v2H7v9h9v-4h2v6H5Z",
  arrow: "M4 11h12.200l-5-5L12.600 4.600 20 12l-7.400 7.400-1.400-1.400 5-5H4Z",
  pin: "m14 3 7 7-1.500 1.500-1.300-.3-3.400 3.400.3 3.300L13.600 19.400l-4-4L4 21l-1-1 5.600-5.600-4-4 1.500-1.500 3.300.3 3.400-3.400-.3-1.300Z",
  down: "m6 9 6 6 6-6-1.400-1.400L12 12.200 7.400 7.600Z",
  tick: "m9.500 18-6-6L5 10.500l4.500 4.500L19 5.500 20.500 7Z",
};

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  path.setAttribute("fill-rule", "evenodd");
  drawing.append(path);
  return drawing;
}
