import type { CaseRow } from "@/shared/api/types";
import type { Doctor, PatientRow } from "@/features/people/queries";

export type GroupName = "cases" | "patients" | "doctors" | "sections";

/** One line of the palette: where it leads and what stands on it. */
export type Option =
  | { key: string; group: "cases"; href: string; row: CaseRow }
  | { key: string; group: "cases"; href: string; everything: string }
  /** A whole number typed while nobody knows yet what there is: the case of this number, sight unseen. */
  | { key: string; group: "cases"; href: string; number: string }
  | { key: string; group: "patients"; href: string; patient: PatientRow }
  | { key: string; group: "doctors"; href: string; doctor: Doctor }
  | { key: string; group: "sections"; href: string; name: string };

const WHOLE_NUMBER = /^[1-9]\d{5}$/;

export interface Found {
  cases?: readonly CaseRow[] | undefined;
  patients?: readonly PatientRow[] | undefined;
  doctors?: readonly Doctor[] | undefined;
}

export interface Place {
  name: string;
  href: string;
}

export const listAddress = (words: string): string =>
  words === "" ? "/cases" : `/cases?${new URLSearchParams({ search: words }).toString()}`;

const sameStart = (name: string, words: string): boolean =>
  name
    .toLocaleLowerCase("uk")
    .split(/\s+/)
    .some((word) => word.startsWith(words.toLocaleLowerCase("uk")));

/** Everything the palette offers for these words, in the order of the arrows. */
export function optionsFor(
  words: string,
  found: Found,
  places: readonly Place[],
  isSearching = false,
): Option[] {
  const sections = places
    .filter(({ name }) => words === "" || sameStart(name, words))
    .map(({ name, href }): Option => ({ key: `section:${href}`, group: "sections", href, name }));
  if (words === "") return sections;
  const cases = (found.cases ?? []).map((row): Option => ({
    key: `case:${row.id}`,
    group: "cases",
    href: `/cases/${row.public_id.toString()}`,
    row,
  }));
  const patients = (found.patients ?? []).map((patient): Option => ({
    key: `patient:${patient.id}`,
    group: "patients",
    href: `/patients/${patient.id}`,
    patient,
  }));
  const doctors = (found.doctors ?? []).map((doctor): Option => ({
    key: `doctor:${doctor.id}`,
    group: "doctors",
    href: `/doctors/${doctor.id}`,
    doctor,
  }));
  const everything: Option = {
    key: "everything",
    group: "cases",
    href: listAddress(words),
    everything: words,
  };
  const isExact = found.cases?.some((row) => row.public_id.toString() === words) ?? false;
  const unseen: Option[] =
    isSearching && !isExact && WHOLE_NUMBER.test(words)
      ? [{ key: "number", group: "cases", href: `/cases/${words}`, number: words }]
      : [];
  return [...unseen, everything, ...cases, ...patients, ...doctors, ...sections];
}

/** Enter opens a case at once when its whole number was typed, found or not yet; otherwise it searches the list. */
export function firstChoice(words: string, options: readonly Option[]): number {
  if (!WHOLE_NUMBER.test(words)) return 0;
  const exact = options.findIndex((one) => "row" in one && one.row.public_id.toString() === words);
  return Math.max(exact, 0);
}
