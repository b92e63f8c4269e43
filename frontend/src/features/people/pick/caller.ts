import type { PossibleApplicant, PossiblePatient } from "../queries";

/** What picking somebody brings into a form about a case. */
export interface CallerData {
  applicant_name: string;
  applicant_phone: string;
  applicant_email: string;
}

/** The one who calls for a child: the guardian whose number or address it is, else the main one, else the child. */
export function callerOf(patient: PossiblePatient, typed: { phone: string; email: string }): CallerData {
  const digits = typed.phone.replace(/\D/g, "");
  // The last seven digits are the same in every spelling of a number: 067…, +38067…, with brackets.
  const tail = digits.slice(-7);
  const email = typed.email.trim().toLowerCase();
  const speaks =
    patient.guardians.find(
      (one) =>
        (tail.length === 7 && (one.phone_e164 ?? one.phone ?? "").replace(/\D/g, "").endsWith(tail)) ||
        (email !== "" && one.email?.toLowerCase().startsWith(email)),
    ) ??
    patient.guardians.find((one) => one.is_primary) ??
    patient.guardians[0];
  return {
    applicant_name: speaks?.full_name ?? patient.full_name,
    applicant_phone: speaks?.phone ?? patient.phone ?? "",
    applicant_email: speaks?.email ?? patient.email ?? "",
  };
}

/** Whoever turned to us most often is the likeliest to call; among equals the order they came in stays. */
export const mostCasesFirst = (patients: readonly PossiblePatient[]): PossiblePatient[] =>
  [...patients].sort((a, b) => b.cases_total - a.cases_total);

export const dataOf = (applicant: PossibleApplicant): CallerData => ({
  applicant_name: applicant.applicant_name,
  applicant_phone: applicant.applicant_phone ?? "",
  applicant_email: applicant.applicant_email ?? "",
});

/** Only what is still empty is filled in: nothing typed is ever replaced. */
export function missingFrom(typed: CallerData, known: CallerData): Partial<CallerData> {
  return Object.fromEntries(
    (Object.keys(known) as (keyof CallerData)[])
      .filter((name) => typed[name].trim() === "" && known[name] !== "")
      .map((name) => [name, known[name]]),
  );
}
