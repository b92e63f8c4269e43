import type { FormInstance } from "antd";
import { toApiError, type ApiError } from "../api/problem";

type FieldPath = (string | number)[];

const pathOf = (field: string): FieldPath =>
  field
    .replace(/^body\./, "")
    .split(".")
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));

/**
 * Puts the server's words beside the fields they are about and focuses the first one.
 * `rename` maps a server's field to the form's (`executor_category_ids` → `categories`).
 * Returns what is left to say above the button: null when every word found its field.
 */
export function showFieldErrors(
  form: FormInstance,
  thrown: unknown,
  rename: Record<string, string> = {},
): ApiError | null {
  const error = toApiError(thrown);
  const messages = new Map<string, { name: FieldPath; errors: string[] }>();
  let homeless = error.errors.length === 0;
  for (const { field, message } of error.errors) {
    const name = pathOf(rename[field] ?? field);
    const known: unknown = form.getFieldInstance(name);
    if (known === undefined || known === null) {
      homeless = true;
      continue;
    }
    const key = name.join(".");
    const entry = messages.get(key) ?? { name, errors: [] };
    entry.errors.push(message);
    messages.set(key, entry);
  }
  const fields = [...messages.values()];
  form.setFields(fields);
  const first = fields[0];
  if (first) form.scrollToField(first.name, { focus: true, block: "center" });
  return homeless ? error : null;
}
