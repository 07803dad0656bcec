/** Forms that an application opens, checked as Discord's client checks them. */

import { button, h } from "./dom.js";
import { openDialog } from "./dialogs.js";
import { fieldFor } from "./fields.js";
import { prose } from "./prose.js";

/** `send(modal, fields)` resolves to an error sentence, or "" when the form was taken. */
export function openModal(modal, send) {
  const parts = modal.components.flatMap(part);
  const error = h("p", { class: "form-error", role: "alert", testid: "modal-error" });
  const submit = async (event) => {
    event.preventDefault();
    const faults = parts.map((one) => one.check?.() ?? "");
    const faulty = parts[faults.findIndex(Boolean)];
    if (faulty) return faulty.focus();
    go.disabled = true;
    const named = parts.filter((one) => one.name);
    const fields = Object.fromEntries(await Promise.all(named.map(async (one) => [one.name, await one.value()])));
    const said = await send(modal, fields);
    go.disabled = false;
    if (said) error.replaceChildren(`Something went wrong: ${said}`);
    else dialog.close();
  };
  const go = h("button", { type: "submit", class: "primary", testid: "modal-submit", form: "modal-form" }, "Submit");
  const form = h(
    "form",
    { id: "modal-form", novalidate: true, onsubmit: submit },
    parts.map((one) => one.node),
    error,
  );
  const dialog = openDialog(modal.title, form, [button("Cancel", () => dialog.close(), { class: "plain" }), go], {
    testid: "modal",
  });
  parts.find((one) => one.focus)?.focus();
}

function part(given) {
  if (given.type === 10) return [{ node: h("div", { class: "prose" }, prose(given.content)) }];
  if (given.type === 1) return given.components.map((inner) => labelled(inner, inner.label ?? "", ""));
  if (given.type === 18) return [labelled(given.component, given.label, given.description ?? "")];
  return [labelled(given, given.label ?? "", "")];
}

/** A field under its label, with a star where it must be filled and the fault below. */
function labelled(given, label, description) {
  const field = fieldFor(given, label);
  const fault = h("p", { class: "form-error", role: "alert" });
  const check = () => {
    const said = field.fault();
    fault.replaceChildren(said);
    field.node.classList.toggle("faulty", Boolean(said));
    return said;
  };
  field.node.addEventListener("input", () => fault.textContent && check());
  const node = h(
    "div",
    { class: "form-field" },
    h(
      field.id ? "label" : "div",
      { class: "form-label", for: field.id },
      label,
      field.required && h("span", { class: "star", "aria-hidden": "true" }, " *"),
    ),
    description && h("p", { class: "form-hint" }, description),
    field.node,
    fault,
  );
  return { node, name: given.custom_id, value: field.value, check, focus: field.focus };
}
