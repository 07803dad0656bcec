/** Times as Discord writes them, in the reader's own language and zone. */

const format = (options) => new Intl.DateTimeFormat(undefined, options);

const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

const FARTHEST = 8.64e12;

const dateOf = (seconds) => new Date(Math.max(-FARTHEST, Math.min(FARTHEST, seconds)) * 1000);

export const styled = (seconds, style) => format(STYLES[style] ?? STYLES.f).format(dateOf(seconds));

export const clockTime = (seconds) => dateOf(seconds).toISOString();

const UNITS = [
  ["year", 31557600],
  ["month", 2629800],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

export function relative(seconds, now = Date.now() / 1000) {
  const apart = seconds - now;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(apart) >= length) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(Math.round(apart / size), unit);
}

export const sameDay = (a, b) => new Date(a).toDateString() === new Date(b).toDateString();

/** "14:05" today, "Yesterday at 14:05", else the date and time. */
export function stamp(iso) {
  const then = new Date(iso);
  const clock = format({ timeStyle: "short" }).format(then);
  const yesterday = new Date(Date.now() - 86400000);
  if (sameDay(then, new Date())) return clock;
  return sameDay(then, yesterday) ? `Yesterday at ${clock}` : `${format({ dateStyle: "short" }).format(then)} ${clock}`;
}

export const shortClock = (iso) => format({ timeStyle: "short" }).format(new Date(iso));

export const fullDate = (iso) => format({ dateStyle: "full", timeStyle: "short" }).format(new Date(iso));

export const dayName = (iso) => format({ dateStyle: "long" }).format(new Date(iso));
