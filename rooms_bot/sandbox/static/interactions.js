/** What a person sends to the application by commands, presses and forms, and what becomes of its answer. */

import { openModal } from "./modals.js";
import { EPHEMERAL, isLater, keep, member, message, state, tell, wire } from "./state.js";

export const SILENT = "The application did not respond";

/** Send a slash command; true unless it failed, which is then said in the channel to its sender alone. */
export async function runCommand(path, options) {
  tell("sending", true);
  const told = await answer(wire.call("command", { channel: state.channel, path, options }));
  tell("sending", false);
  if (told.error) keep(local(`❗ ${told.error}`, path));
  return !told.error;
}

export async function runContext(command, target) {
  const told = await answer(wire.call("context", { channel: state.channel, name: command, target }));
  if (told.error) keep(local(`❗ ${told.error}`, command));
}

/** Press a button or choose in a select; a failure is shown under the message. */
export async function press(sent, customId, values = []) {
  if (sent.failed) keep({ ...sent, failed: null });
  const told = await answer(wire.call("press", { message: sent.id, custom_id: customId, values }));
  const now = message(sent.id);
  if (told.error && now) keep({ ...now, failed: told.error === SILENT ? "This interaction failed" : told.error });
}

async function answer(asked) {
  const reply = await asked.catch((error) => ({ kind: "failed", error: error.message }));
  if (reply.kind === "failed") return { error: reply.error || SILENT };
  if (reply.kind === "modal") openModal(reply.modal, submitModal);
  else if (reply.message && !message(reply.message.id)) keep(reply.message);
  return {};
}

/** The error's sentence, or "" when the form was taken. */
async function submitModal(modal, fields) {
  return (await answer(wire.call("submit", { modal, fields }))).error ?? "";
}

/** A message that only this window knows: what Discord's client says by itself. */
function local(content, command) {
  const app = state.members.find((one) => one.user.bot)?.user ?? { id: "0", username: "Sandbox", bot: true };
  const now = (BigInt(Date.now()) - 1420070400000n) << 22n;
  const newest = state.messages.at(-1)?.id ?? "0";
  return {
    id: isLater(newest, now.toString()) ? (BigInt(newest) + 1n).toString() : now.toString(),
    channel_id: state.channel,
    author: app,
    content,
    flags: EPHEMERAL,
    type: 20,
    local: true,
    timestamp: new Date().toISOString(),
    interaction_metadata: { name: command, user: member(state.me).user },
  };
}
