/** Reads Discord's markdown into plain objects; drawing them is prose.js's part. */

const DEEPEST = 16;

/** `text` as a list of nodes {kind, ...}; `kinds` of blocks: text, code-block, quote, heading, subtext, list. */
export function read(text) {
  return blocks(text, { quoted: false, depth: 0 });
}

/** Only what stands within a line (embed titles, button-less labels, the banner). */
export function readInline(text) {
  return inline(text, 0);
}

const FENCE = /^```(?:([\w+\-.#]+)\n)?\n*([\s\S]*?)\n*```\n?/;
const BLOCKS = [
  [/^>>> ([\s\S]*)/, (found, at) => !at.quoted && { kind: "quote", content: blocks(found[1], deeper(at, true)) }],
  [
    /^(?:> [^\n]*(?:\n|$))+/,
    (found, at) => !at.quoted && { kind: "quote", content: blocks(unquoted(found[0]), deeper(at, true)) },
  ],
  [
    /^(#{1,3}) +([^\n]+)(?:\n|$)/,
    (found) => ({ kind: "heading", level: found[1].length, content: inline(found[2].trim(), 1) }),
  ],
  [/^-# +([^\n]+)(?:\n|$)/, (found) => ({ kind: "subtext", content: inline(found[1], 1) })],
  [
    /^(?: *(?:[-*]|\d{1,9}\.) +[^\n]+(?:\n|$))(?:(?: *(?:[-*]|\d{1,9}\.) +| {2,})[^\n]+(?:\n|$))*/,
    (found) => list(found[0]),
  ],
];

const deeper = (at, quoted) => ({ quoted: at.quoted || quoted, depth: at.depth + 1 });

const unquoted = (text) => text.replace(/^> /gm, "").replace(/\n$/, "");

function blocks(text, at) {
  const nodes = [];
  let rest = text;
  let plain = "";
  const flush = () => {
    if (plain) nodes.push({ kind: "text", content: inline(plain, 1) });
    plain = "";
  };
  while (rest) {
    const lineStart = plain === "" || plain.endsWith("\n");
    const [length, node] = (lineStart && block(rest, at)) || fence(rest) || [0, null];
    if (node) {
      plain = plain.replace(/\n$/, "");
      flush();
      nodes.push(node);
      rest = rest.slice(length);
    } else {
      const step = plainLength(rest);
      plain += rest.slice(0, step);
      rest = rest.slice(step);
    }
  }
  flush();
  return nodes;
}

function block(text, at) {
  for (const [pattern, build] of BLOCKS) {
    const found = pattern.exec(text);
    const node = found && build(found, at);
    if (node) return [found[0].length, node];
  }
  return null;
}

function fence(text) {
  const found = FENCE.exec(text);
  return found?.[2].trim() && [found[0].length, { kind: "code-block", language: found[1] ?? "", text: found[2] }];
}

/** Up to the next line or fence, whichever comes first, and never nothing. */
function plainLength(text) {
  const line = text.indexOf("\n");
  const fenceAt = text.indexOf("```", 1);
  const end = line < 0 ? text.length : line + 1;
  return fenceAt > 0 && fenceAt < end ? fenceAt : end;
}

function list(text) {
  const lines = text.replace(/\n$/, "").split("\n");
  const root = { kind: "list", items: [] };
  const open = [];
  for (const line of lines) {
    const found = /^( *)([-*]|\d{1,9}\.) +(.*)$/.exec(line);
    if (!found) {
      open
        .at(-1)
        .items.at(-1)
        .content.push({ kind: "break" }, ...inline(line.trim(), 1));
      continue;
    }
    const indent = found[1].length;
    while (open.length > 1 && indent < open.at(-1).indent) open.pop();
    if (!open.length) open.push(Object.assign(root, { indent, ...order(found[2]) }));
    else if (indent > open.at(-1).indent + 1 && open.length < DEEPEST) {
      const below = { kind: "list", items: [], indent, ...order(found[2]) };
      open.at(-1).items.at(-1).below.push(below);
      open.push(below);
    }
    open.at(-1).items.push({ content: inline(found[3], 1), below: [] });
  }
  return root;
}

const order = (mark) =>
  /\d/.test(mark) ? { ordered: true, start: Number.parseInt(mark, 10) } : { ordered: false, start: 1 };

const within =
  (kind, group = 1) =>
  (found, depth) => ({ kind, content: inline(found[group], depth + 1) });

const INLINE = [
  [/^\\([^0-9A-Za-z\s])/, (found) => ({ kind: "words", text: found[1] })],
  [/^(`+)(?!`)([\s\S]*?[^`])\1(?!`)/, (found) => ({ kind: "code", text: found[2].replace(/^ (?=`)|(?<=`) $/g, "") })],
  [/^<(https?:\/\/[^\s<>]+)>/, (found) => ({ kind: "link", href: found[1], content: null })],
  [/^\[((?:\\.|[^\[\]\\])+)\]\(<?(https?:\/\/[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?: +"[^"\n]*")?\)/, masked],
  [/^https?:\/\/[^\s<>"]+/, bare],
  [/^<@!?(\d{1,20})>/, (found) => ({ kind: "user", id: found[1] })],
  [/^<@&(\d{1,20})>/, (found) => ({ kind: "role", id: found[1] })],
  [/^<#(\d{1,20})>/, (found) => ({ kind: "channel", id: found[1] })],
  [/^<\/([\w\- ]{1,96}):(\d{1,20})>/, (found) => ({ kind: "command", name: found[1] })],
  [
    /^<(a?):(\w{2,32}):(\d{1,20})>/,
    (found) => ({ kind: "emoji", animated: found[1] === "a", name: found[2], id: found[3] }),
  ],
  [
    /^<t:(-?\d{1,13})(?::([tTdDfFR]))?>/,
    (found) => ({ kind: "time", seconds: Number(found[1]), style: found[2] ?? "f" }),
  ],
  [/^@(everyone|here)\b/, (found) => ({ kind: "everyone", text: found[0] })],
  [
    /^\*\*\*(?=\S)([\s\S]+?)\*\*\*(?!\*)/,
    (found, depth) => ({ kind: "em", content: [within("strong")(found, depth)] }),
  ],
  [/^\*\*(?=\S)((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/, within("strong")],
  [/^__((?:\\[\s\S]|[^\\])+?)__(?!_)/, within("u")],
  [/^\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^*\s\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/, within("em")],
  [/^_((?:__|\\[\s\S]|[^\\_])+?)_(?!\w)/, within("em")],
  [/^~~([\s\S]+?)~~(?!~)/, within("s")],
  [/^\|\|([\s\S]+?)\|\|/, within("spoiler")],
];

// A run of backticks that opens nothing goes as one: taken singly, 2,000 of them would be read a billion times.
const PLAIN = /^(?:`+|[\s\S])(?:[^\\`<[*_~|@h]|h(?!ttps?:\/\/))*/i;

function inline(text, depth) {
  if (depth > DEEPEST) return [{ kind: "words", text }];
  const nodes = [];
  let rest = text;
  let before = "";
  while (rest) {
    const [length, node] = span(rest, depth, before) ?? plain(rest);
    const last = nodes.at(-1);
    if (node.kind === "words" && last?.kind === "words") last.text += node.text;
    else nodes.push(node);
    before = rest[length - 1];
    rest = rest.slice(length);
  }
  return nodes;
}

function span(text, depth, before) {
  if (text[0] === "_" && text[1] !== "_" && /\w/.test(before)) return null;
  for (const [pattern, build] of INLINE) {
    const found = pattern.exec(text);
    const node = found && build(found, depth);
    if (node) return [node.length ?? found[0].length, node];
  }
  return null;
}

function plain(text) {
  const [found] = PLAIN.exec(text);
  return [found.length, { kind: "words", text: found }];
}

/** A masked link shows its own words; words that look like an address of their own are no mask. */
function masked(found, depth) {
  const words = found[1];
  if (/https?:|:\/\/|\w\.\w{2,}\//i.test(words) || !URL.canParse(found[2])) return null;
  return { kind: "link", href: found[2], content: inline(words, depth + 1) };
}

/** A bare address ends before punctuation that belongs to the sentence. */
function bare(found) {
  let href = found[0].replace(/[.,:;!?'"*_~|]+$/, "");
  while (href.endsWith(")") && href.split(")").length > href.split("(").length) href = href.slice(0, -1);
  return URL.canParse(href) ? { kind: "link", href, content: null, length: href.length } : null;
}
