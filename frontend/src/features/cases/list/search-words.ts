import type { CaseQuery } from "../api/cases";

/**
 * What is typed into the search box, as the filters the list has: a number of a case, a phone, an e-mail, else
 * a name. Stands in until `GET /api/cases` takes `search`; then the words go there as they are.
 */
export function searchAsFilters(words: string): Partial<CaseQuery> {
  const text = words.trim();
  const digits = text.replace(/\D/g, "");
  if (text === "") return {};
  if (/^[1-9]\d{5}$/.test(text)) return { public_id: Number(text) };
  if (text.includes("@")) return { applicant_email: text };
  if (digits.length >= 4 && /^[\d\s()+-]+$/.test(text)) return { applicant_phone: text };
  return { applicant_name: text };
}
