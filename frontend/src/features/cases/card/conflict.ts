import type { CaseCard } from "@/shared/api/types";
import type { CaseFields, FieldName } from "../fields/case-fields";

/** The fields of a card as the form types them. */
export const fieldsOf = (card: CaseCard): CaseFields => ({
  applicant_phone: card.applicant_phone ?? "",
  applicant_name: card.applicant_name,
  category_id: card.category.id,
  subcategory: card.subcategory ?? "",
  channel_id: card.channel.id,
  applicant_email: card.applicant_email ?? "",
  summary: card.summary,
  patient_id: card.patient?.id ?? "",
  doctor_id: card.doctor?.id ?? "",
});

const NAMES = [
  "applicant_phone",
  "applicant_name",
  "category_id",
  "subcategory",
  "channel_id",
  "applicant_email",
  "summary",
  "patient_id",
  "doctor_id",
] as const satisfies readonly FieldName[];

/** Fields in which two states of a case differ; spaces at the ends are no difference. */
export const changedFields = (before: CaseFields, after: CaseFields): FieldName[] =>
  NAMES.filter((name) => before[name].trim() !== after[name].trim());

/** The body of PATCH: only what this person changed; an emptied optional field is sent as null. */
export function patchOf(before: CaseFields, mine: CaseFields): Partial<Record<FieldName, string | null>> {
  const names = new Set(changedFields(before, mine));
  // Another category empties the subcategory on the server unless one is sent along.
  if (names.has("category_id")) names.add("subcategory");
  return Object.fromEntries(
    [...names].map((name) => [name, mine[name].trim() === "" ? null : mine[name].trim()]),
  );
}

export interface Merge {
  /** Mine, with what only the colleague changed taken over. */
  fields: CaseFields;
  /** Changed by both, differently: the person decides. */
  conflicts: FieldName[];
  /** Taken over from the colleague without a question. */
  takenOver: FieldName[];
}

/** Three states of a case meet: the one both started from, mine, theirs. Nothing typed is lost. */
export function merge(base: CaseFields, mine: CaseFields, theirs: CaseFields): Merge {
  const fields = { ...mine };
  const conflicts: FieldName[] = [];
  const takenOver: FieldName[] = [];
  for (const name of changedFields(base, theirs)) {
    if (mine[name].trim() === theirs[name].trim()) continue;
    if (mine[name].trim() === base[name].trim()) {
      fields[name] = theirs[name];
      takenOver.push(name);
    } else conflicts.push(name);
  }
  return { fields, conflicts, takenOver };
}
