import { formatNumber } from "@/shared/plural";
import { fieldTexts } from "./texts";

/** What is typed about a case, as text; the names are those of the API. */
export interface CaseFields {
  applicant_phone: string;
  applicant_name: string;
  category_id: string;
  subcategory: string;
  channel_id: string;
  applicant_email: string;
  summary: string;
  patient_id: string;
  doctor_id: string;
}

export type FieldName = keyof CaseFields;
export type FieldErrors = Partial<Record<FieldName, string>>;

/** In the order in which a call goes; also the order of Enter and of the first error. */
export const FIELD_ORDER: readonly FieldName[] = [
  "applicant_phone",
  "applicant_name",
  "category_id",
  "subcategory",
  "channel_id",
  "applicant_email",
  "summary",
  "patient_id",
  "doctor_id",
];

export const EMPTY_FIELDS: CaseFields = {
  applicant_phone: "",
  applicant_name: "",
  category_id: "",
  subcategory: "",
  channel_id: "",
  applicant_email: "",
  summary: "",
  patient_id: "",
  doctor_id: "",
};

export const LIMITS: Partial<Record<FieldName, number>> = {
  applicant_phone: 50,
  applicant_name: 200,
  subcategory: 200,
  applicant_email: 254,
  summary: 20_000,
};

const digitsOf = (text: string): number => text.replace(/\D/g, "").length;

/** What is wrong with the fields before the server is asked; it judges again and knows more. */
export function checkFields(fields: CaseFields): FieldErrors {
  const t = fieldTexts.now().errors;
  const errors: FieldErrors = {};
  const phone = fields.applicant_phone.trim();
  if (phone !== "" && digitsOf(phone) < 9) errors.applicant_phone = t.phone;
  if (digitsOf(phone) > 15) errors.applicant_phone = t.phoneLong;
  if (fields.applicant_name.trim() === "") errors.applicant_name = t.name;
  if (fields.category_id === "") errors.category_id = t.category;
  if (fields.channel_id === "") errors.channel_id = t.channel;
  const email = fields.applicant_email.trim();
  if (email !== "" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) errors.applicant_email = t.email;
  if (fields.summary.trim() === "") errors.summary = t.summary;
  for (const [name, limit] of Object.entries(LIMITS) as [FieldName, number][])
    if ([...fields[name].trim()].length > limit) errors[name] = t.long(formatNumber(limit));
  return errors;
}

/** The server's words sorted to their fields; what has no field is left over for the note above the button. */
export function sortErrors(errors: readonly { field: string; message: string }[]): {
  fields: FieldErrors;
  files: string[];
  rest: string[];
} {
  const fields: FieldErrors = {};
  const files: string[] = [];
  const rest: string[] = [];
  for (const { field, message } of errors) {
    const name = field.replace(/^body\./, "");
    const known = FIELD_ORDER.find((one) => one === name || one.replace(/_id$/, "") === name);
    if (known) fields[known] = fields[known] ? `${fields[known]} ${message}` : message;
    else if (/^files?\b/.test(name)) files.push(message);
    else rest.push(message);
  }
  return { fields, files, rest };
}
