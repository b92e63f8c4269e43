import { api, ok } from "@/shared/api/client";
import { toApiError } from "@/shared/api/problem";
import {
  CASE_STATUSES,
  type CaseCard,
  type CaseStatus,
  type Comment,
  type UserRef,
} from "@/shared/api/types";
import { plural } from "@/shared/plural";
import { uiTexts } from "@/shared/ui/texts";
import { workTexts } from "./texts";

const at = (card: CaseCard) => ({ path: { case: card.public_id.toString() } });

export const takeCase = (card: CaseCard): Promise<CaseCard> =>
  ok(api.POST("/api/cases/{case}/take", { params: at(card) }));

export const changeStatus = (card: CaseCard, to_status: CaseStatus, comment: string): Promise<CaseCard> =>
  ok(api.POST("/api/cases/{case}/status", { params: at(card), body: { to_status, comment } }));

export const assignCase = (
  card: CaseCard,
  responsible_id: string | null,
  comment: string,
): Promise<CaseCard> =>
  ok(
    api.POST("/api/cases/{case}/assign", {
      params: at(card),
      body: { responsible_id, ...(comment === "" ? {} : { comment }) },
    }),
  );

export const addComment = (
  card: CaseCard,
  text: string,
  is_internal: boolean,
  key: string,
): Promise<Comment> =>
  ok(
    api.POST("/api/cases/{case}/comments", {
      params: at(card),
      body: { text, is_internal },
      headers: { "Idempotency-Key": key },
    }),
  );

/** Product.md §3: a change of status is explained in 10-2000 characters, a comment has 1-5000. */
export const EXPLANATION = { min: 10, max: 2000 };
export const COMMENT_MAX = 5000;

export const lengthOf = (text: string): number => [...text.trim()].length;

export const characters = (count: number): string => {
  const { one, few, many } = workTexts.now().characters;
  return plural(count, [one, few, many]);
};

const isStatus = (value: unknown): value is CaseStatus => CASE_STATUSES.some((status) => status === value);

/** A conflict in words: who was faster, what is possible now. */
export function conflictWords(thrown: unknown): string {
  const t = workTexts.now();
  const error = toApiError(thrown);
  const winner = error.extra.winner as { full_name?: unknown } | null | undefined;
  if (typeof winner?.full_name === "string" && winner.full_name !== "") return t.takenBy(winner.full_name);
  const allowed = Array.isArray(error.extra.allowed) ? error.extra.allowed.filter(isStatus) : [];
  if (allowed.length === 0) return error.detail || t.lateNow;
  const words = uiTexts.now().statuses;
  return `${t.lateNow} ${t.allowedNow(allowed.map((status) => `«${words[status]}»`).join(", "))}`;
}

/** Who hears of a public comment: author and responsible, never the writer himself. */
export function hearersOf(card: CaseCard, myId: string): string[] {
  const t = workTexts.now().composer;
  const hearers = new Map<string, string>();
  if (card.author.id !== myId) hearers.set(card.author.id, `${card.author.full_name} (${t.author})`);
  if (card.responsible && card.responsible.id !== myId && !hearers.has(card.responsible.id))
    hearers.set(card.responsible.id, `${card.responsible.full_name} (${t.responsible})`);
  return [...hearers.values()];
}

/**
 * Who hears that a case changed hands (null: nobody has it now): whoever had it and whoever has it now; the author too
 * when the status changes with it.
 */
export function hearersOfAssignment(card: CaseCard, next: UserRef | null, myId: string): string[] {
  const t = workTexts.now().composer;
  const changesStatus = next === null || card.status === "NEW";
  const people = [
    next,
    card.responsible ?? null,
    changesStatus ? { ...card.author, full_name: `${card.author.full_name} (${t.author})` } : null,
  ];
  const hearers = new Map<string, string>();
  for (const person of people)
    if (person && person.id !== myId && !hearers.has(person.id)) hearers.set(person.id, person.full_name);
  return [...hearers.values()];
}
