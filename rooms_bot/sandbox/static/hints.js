/** What to suggest for the text in the composer, up to the caret. */

import { catalogue, world } from "./catalogue.js";
import { matching, named, offered, pairs } from "./commands.js";
import { choiceRow, commandRow, nameRow, optionHead, optionRow } from "./rows.js";
import { displayName, state, wire } from "./state.js";

const MOST = 12;

/** {head, items, active} for `text`, or null; `use(text)` puts another text there, `open(leaf)` starts a command's form. */
export async function hints(text, { use, open }) {
  if (!text.startsWith("/") || text.includes("\n")) return names(text, use);
  const found = named(text, catalogue.leaves);
  if (found && /^\s/.test(found.rest)) return argumentHints(text, found, use);
  if (!catalogue.leaves.length) return { head: "No app has registered commands here yet." };
  const leaves = matching(text, catalogue.leaves);
  return leaves.length
    ? {
        items: leaves.map((leaf) => ({ label: `/${leaf.path}`, row: commandRow(leaf), pick: () => open(leaf) })),
        active: 0,
      }
    : null;
}

async function argumentHints(text, { leaf, rest }, use) {
  const given = pairs(rest, leaf);
  const last = given.at(-1);
  const word = /(\S*)$/.exec(rest)[1];
  const free = leaf.options.filter((option) => !given.some((pair) => pair.option === option));
  const choices = last ? await choicesFor(leaf, last.option, last.value, rawOf(given)) : [];
  const whole = text.length - rest.length;
  if (choices.length) {
    const replace = (choice) => use(`${text.slice(0, whole + last.start)}${choice.name} `);
    return {
      head: optionHead(leaf, last.option),
      items: choices.map((choice) => ({ label: choice.name, row: choiceRow(choice), pick: () => replace(choice) })),
    };
  }
  const fitting = free.filter((option) => option.name.startsWith(word.toLowerCase()));
  const add = (option) => use(`${text.slice(0, text.length - word.length)}${option.name}:`);
  return {
    head: optionHead(leaf, last && word ? last.option : null),
    items: fitting.map((option) => ({ label: option.name, row: optionRow(option), pick: () => add(option) })),
  };
}

const rawOf = (given) => Object.fromEntries(given.map(({ option, value }) => [option.name, value]));

/** Choices {name, value} that go with what is typed: the option's own, or the application's answer. */
export async function choicesFor(leaf, option, typed, values) {
  if (option.autocomplete) {
    const asked = {
      channel: state.channel,
      path: leaf.path,
      options: { ...values, [option.name]: typed },
      focused: option.name,
    };
    return wire.call("autocomplete", asked).catch(() => []);
  }
  const wanted = typed.replace(/^[@#]/, "").toLowerCase();
  return offered(option, world())
    .filter((choice) => choice.name.toLowerCase().includes(wanted))
    .slice(0, 25);
}

/** Names after `@` (members, and those that webhooks spoke under) and channels after `#`. */
function names(text, use) {
  const found = /(?:^|\s)([@#])([^\s@#][^@#\n]{0,40})?$/.exec(text);
  if (!found) return null;
  const typed = (found[2] ?? "").toLowerCase();
  const start = text.length - (found[2] ?? "").length;
  const all =
    found[1] === "@"
      ? speakers()
      : state.channels
          .filter((one) => one.type !== 4)
          .map((one) => ({ label: one.name, row: choiceRow({ name: `#${one.name}` }) }));
  const items = all
    .filter((one) => one.label.toLowerCase().startsWith(typed))
    .slice(0, MOST)
    .map((one) => ({ ...one, pick: () => use(`${text.slice(0, start)}${one.label} `) }));
  return items.length ? { items, active: 0 } : null;
}

function speakers() {
  const guests = [...state.names.values()]
    .reverse()
    .map((author) => ({ label: author.username, row: nameRow(author, author.username, "speaks here") }));
  const members = state.members.map(({ user, nick }) => {
    const name = displayName(user, nick);
    return { label: name, row: nameRow(user, name, user.username) };
  });
  return [...guests, ...members.filter((one) => !guests.some((guest) => guest.label === one.label))];
}

/** Text as it is sent: @Name of members and #name of channels become mentions; names of webhooks stay words. */
export function addressed(text) {
  const members = state.members
    .map(({ user, nick }) => [`@${displayName(user, nick)}`, `<@${user.id}>`])
    .filter(([name]) => !state.names.has(name.slice(1)));
  const channels = state.channels.filter((one) => one.type !== 4).map((one) => [`#${one.name}`, `<#${one.id}>`]);
  const table = new Map([...members, ...channels]);
  const known = [...table.keys(), ...[...state.names.keys()].map((name) => `@${name}`)].sort(
    (a, b) => b.length - a.length,
  );
  const pattern = known.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  return pattern
    ? text.replace(
        new RegExp(`(?<![\\w<@#/])(?:${pattern})(?![\\p{L}\\p{N}_])`, "gu"),
        (name) => table.get(name) ?? name,
      )
    : text;
}
