/** Slash commands as text: what there is to call, how a typed line is read, and whether its values fit. */

const [STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT] = [3, 4, 5, 6, 7, 8, 9, 10, 11];

export const isFile = (option) => option.type === ATTACHMENT;

/** Everything one can call: {path, description, options} with required options first, subcommands by their whole path. */
export function leaves(commands) {
  return commands.filter((command) => (command.type ?? 1) === 1).flatMap((command) => below(command, command.name));
}

function below(node, path) {
  const options = node.options ?? [];
  const branches = options.filter((option) => option.type === 1 || option.type === 2);
  if (branches.length) return branches.flatMap((branch) => below(branch, `${path} ${branch.name}`));
  return [
    {
      path,
      description: node.description ?? "",
      options: [...options].sort((a, b) => Number(Boolean(b.required)) - Number(Boolean(a.required))),
    },
  ];
}

/** Commands that go with what is typed after the slash, those that begin with it first. */
export function matching(text, all) {
  const typed = text.slice(1).toLowerCase().replace(/\s+/g, " ");
  const words = typed.trim().split(" ");
  const starts = all.filter((leaf) => leaf.path.startsWith(typed));
  return [
    ...starts,
    ...all.filter((leaf) => !starts.includes(leaf) && words.every((word) => leaf.path.includes(word))),
  ];
}

/** The command a line names, {leaf, rest}, the longest name winning; null if it names none. */
export function named(text, all) {
  const line = text.trimStart().replace(/^\/((?:\S+[ ]+){0,2}\S*)/, (whole) => whole.replace(/ +/g, " "));
  const fits = (leaf) =>
    line.toLowerCase().startsWith(`/${leaf.path}`) && /^(\s|$)/.test(line.slice(leaf.path.length + 1));
  const [leaf] = all.filter(fits).sort((a, b) => b.path.length - a.path.length);
  return leaf ? { leaf, rest: line.slice(leaf.path.length + 1) } : null;
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** `name:value` pairs in order, [{option, value, start}]: only this command's names count, each the first time it stands. */
export function pairs(rest, leaf) {
  if (!leaf.options.length) return [];
  const names = leaf.options.map((option) => escaped(option.name)).sort((a, b) => b.length - a.length);
  const heads = [];
  for (const found of rest.matchAll(new RegExp(`(?<=^|\\s)(${names.join("|")}):`, "gi"))) {
    const option = leaf.options.find((one) => one.name === found[1].toLowerCase());
    if (option && !heads.some((head) => head.option === option))
      heads.push({ option, at: found.index, start: found.index + found[0].length });
  }
  return heads.map((head, place) => ({
    option: head.option,
    start: head.start,
    value: rest.slice(head.start, heads[place + 1]?.at).trim(),
    at: head.at,
  }));
}

/** Raw values by option name; words before the first name belong to the first option. */
export function rawValues(rest, leaf) {
  const found = pairs(rest, leaf);
  const raw = Object.fromEntries(found.map(({ option, value }) => [option.name, value]));
  const loose = rest.slice(0, found[0]?.at).trim();
  if (!loose) return raw;
  const [first] = leaf.options;
  if (!first || first.name in raw)
    throw new Error(
      first ? `“${loose}” belongs to no option: write it as name:value.` : `/${leaf.path} takes no options.`,
    );
  return { ...raw, [first.name]: loose };
}

/** Values as the application gets them; an Error's message says which one does not fit, `error.option` its name. */
export function checked(raw, leaf, world) {
  const values = {};
  for (const option of leaf.options) {
    const value = raw[option.name];
    if (value === undefined || value === "") {
      if (option.required) throw fault(option, "this option is required");
    } else values[option.name] = fitting(option, value, world);
  }
  return values;
}

function fault(option, words) {
  return Object.assign(new Error(`${option.name}: ${words}.`), { option: option.name });
}

function fitting(option, value, world) {
  if (typeof value !== "string") return value;
  if (option.choices?.length) return choice(option, value);
  return (FIT[option.type] ?? ((_, same) => same))(option, value, world);
}

function choice(option, value) {
  const wanted = value.toLowerCase();
  const found = option.choices.find(
    (one) => one.name.toLowerCase() === wanted || String(one.value).toLowerCase() === wanted,
  );
  if (!found) throw fault(option, `choose one of ${option.choices.map((one) => one.name).join(", ")}`);
  return found.value;
}

const FIT = {
  [STRING]: (option, value) => {
    if (value.length < (option.min_length ?? 0))
      throw fault(option, `must be ${option.min_length} characters or longer`);
    if (value.length > (option.max_length ?? 6000))
      throw fault(option, `must be ${option.max_length ?? 6000} characters or shorter (it is ${value.length})`);
    return value;
  },
  [INTEGER]: (option, value) => {
    if (!/^[+-]?\d+$/.test(value)) throw fault(option, "must be a whole number");
    return bounded(option, Number(value));
  },
  [NUMBER]: (option, value) => {
    if (!/^[+-]?(\d+([.,]\d*)?|[.,]\d+)$/.test(value)) throw fault(option, "must be a number");
    return bounded(option, Number(value.replace(",", ".")));
  },
  [BOOLEAN]: (option, value) => {
    const found = { true: true, yes: true, on: true, false: false, no: false, off: false }[value.toLowerCase()];
    if (found === undefined) throw fault(option, "must be True or False");
    return found;
  },
  [USER]: (option, value, world) => known(option, value, world.users, "member"),
  [CHANNEL]: (option, value, world) => known(option, value, world.channels, "channel"),
  [ROLE]: (option, value, world) => known(option, value, world.roles, "role"),
  [MENTIONABLE]: (option, value, world) => known(option, value, [...world.users, ...world.roles], "member or role"),
  [ATTACHMENT]: (option) => {
    throw fault(option, "choose a file: pick the command from the list, then the file");
  },
};

function bounded(option, number) {
  const { min_value: least, max_value: most } = option;
  const low = least !== undefined && least !== null && number < least;
  const high = most !== undefined && most !== null && number > most;
  if (!low && !high) return number;
  if (least === undefined || most === undefined)
    throw fault(option, low ? `must be ${least} or more` : `must be ${most} or less`);
  throw fault(option, `must be from ${least} to ${most}`);
}

function known(option, value, things, kind) {
  const bare = value.replace(/^<?[@#][!&]?|>$/g, "").toLowerCase();
  const found = things.find(
    (one) => one.id === bare || one.name.toLowerCase() === bare || one.also?.toLowerCase() === bare,
  );
  if (!found) throw fault(option, `there is no ${kind} “${value}”`);
  return found.id;
}

/** What an option offers without asking the application: choices, True and False, members, channels, roles. */
export function offered(option, world) {
  if (option.choices?.length) return option.choices;
  const things =
    {
      [BOOLEAN]: [
        { id: true, name: "True" },
        { id: false, name: "False" },
      ],
      [USER]: world.users,
      [CHANNEL]: world.channels,
      [ROLE]: world.roles,
      [MENTIONABLE]: [...world.users, ...world.roles],
    }[option.type] ?? [];
  return things.map((one) => ({ name: one.name, value: one.id }));
}
