import type { Guardian, Patient, PatientIn, PatientPatch } from "../queries";

export interface GuardianValues {
  id?: string;
  full_name: string;
  relation: string;
  phone: string;
  email: string;
  is_primary: boolean;
}

/** A card as the form types it: text everywhere, empty for nothing. */
export interface PatientValues {
  full_name: string;
  birth_date: string;
  record_number: string;
  phone: string;
  email: string;
  notes: string;
  guardians: GuardianValues[];
}

export const EMPTY_PATIENT: PatientValues = {
  full_name: "",
  birth_date: "",
  record_number: "",
  phone: "",
  email: "",
  notes: "",
  guardians: [],
};

export const EMPTY_GUARDIAN: GuardianValues = {
  full_name: "",
  relation: "",
  phone: "",
  email: "",
  is_primary: false,
};

const guardianValues = (guardian: Guardian): GuardianValues => ({
  id: guardian.id,
  full_name: guardian.full_name,
  relation: guardian.relation,
  phone: guardian.phone ?? "",
  email: guardian.email ?? "",
  is_primary: guardian.is_primary,
});

export const valuesOf = (card: Patient): PatientValues => ({
  full_name: card.full_name,
  birth_date: card.birth_date ?? "",
  record_number: card.record_number ?? "",
  phone: card.phone ?? "",
  email: card.email ?? "",
  notes: card.notes ?? "",
  guardians: card.guardians.map(guardianValues),
});

const orNull = (text: string): string | null => (text.trim() === "" ? null : text.trim());

const guardianBody = (guardian: GuardianValues) => ({
  ...(guardian.id ? { id: guardian.id } : {}),
  full_name: guardian.full_name.trim(),
  relation: guardian.relation.trim(),
  phone: orNull(guardian.phone),
  email: orNull(guardian.email),
  is_primary: guardian.is_primary,
});

export const bodyOf = (values: PatientValues): PatientIn => ({
  full_name: values.full_name.trim(),
  birth_date: orNull(values.birth_date),
  record_number: orNull(values.record_number),
  phone: orNull(values.phone),
  email: orNull(values.email),
  notes: orNull(values.notes),
  guardians: values.guardians.map(guardianBody),
});

export const FIELDS = [
  "full_name",
  "birth_date",
  "record_number",
  "phone",
  "email",
  "notes",
  "guardians",
] as const satisfies readonly (keyof PatientValues)[];
export type PatientField = (typeof FIELDS)[number];

/** Fields in which two states of a card differ; spaces at the ends are no difference. */
export function changedFields(before: PatientValues, after: PatientValues): PatientField[] {
  const [a, b] = [bodyOf(before), bodyOf(after)];
  return FIELDS.filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
}

/** The body of PATCH: only what this person changed, so that a colleague's other changes stay. */
export function patchOf(before: PatientValues, mine: PatientValues): PatientPatch {
  const body = bodyOf(mine);
  return Object.fromEntries(changedFields(before, mine).map((name) => [name, body[name]])) as PatientPatch;
}

/** Fields both changed since `base`, and differently: saving again would overwrite the colleague's. */
export function contested(base: PatientValues, mine: PatientValues, theirs: PatientValues): PatientField[] {
  const theirChanges = new Set(changedFields(base, theirs));
  const different = new Set(changedFields(mine, theirs));
  return changedFields(base, mine).filter((name) => theirChanges.has(name) && different.has(name));
}

/** `birth_date` as years, or months under two: «7 років», «5 місяців». Null for no date or a future one. */
export function ageOn(birth: string | null, today: Date): { years: number } | { months: number } | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(birth ?? "");
  if (!match) return null;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const before = today.getDate() < day ? 1 : 0;
  const months = (today.getFullYear() - year) * 12 + today.getMonth() + 1 - month - before;
  if (months < 0) return null;
  return months < 24 ? { months } : { years: Math.floor(months / 12) };
}
