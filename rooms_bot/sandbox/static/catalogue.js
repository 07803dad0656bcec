/** The application's commands as they are now, and the names that their options may hold. */

import { leaves } from "./commands.js";
import { displayName, state, wire } from "./state.js";

let reading = null;
export const catalogue = { leaves: [] };

/** Ask again, at most once at a time: an application may register its commands after the page was opened. */
export function refreshCatalogue() {
  reading ??= wire
    .call("commands")
    .then((commands) => {
      catalogue.leaves = leaves(commands);
    })
    .finally(() => {
      reading = null;
    });
  return reading;
}

export function world() {
  return {
    users: state.members.map(({ user, nick }) => ({ id: user.id, name: displayName(user, nick), also: user.username })),
    channels: state.channels.map(({ id, name }) => ({ id, name })),
    roles: state.guild.roles.filter((role) => role.id !== state.guild.id).map(({ id, name }) => ({ id, name })),
  };
}

export const appUser = () => state.members.find((one) => one.user.bot)?.user;
