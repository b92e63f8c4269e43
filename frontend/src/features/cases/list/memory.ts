import { currentUserId } from "@/shared/api/access";
import type { CaseQuery } from "../api/cases";

/** Where the person was in the list: enough to come back to the same row and to go through the cases one by one. */
export interface ListMemory {
  userId: string;
  /** The list's own address with its filters, without the host: `/cases?status=NEW`. */
  address: string;
  query: CaseQuery;
  numbers: number[];
  total: number;
  scrollY: number;
  /** The case opened last. */
  opened: number | null;
}

const KEY = "ohmatdyt.list";

export function readMemory(): ListMemory | null {
  try {
    const raw = sessionStorage.getItem(KEY);
    const memory = raw === null ? null : (JSON.parse(raw) as ListMemory);
    return memory?.userId === currentUserId() ? memory : null;
  } catch {
    return null;
  }
}

export function writeMemory(memory: Omit<ListMemory, "userId">): void {
  const userId = currentUserId();
  if (userId === null) return;
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...memory, userId }));
  } catch {
    // Without storage one comes back to the top of the list.
  }
}

/** What lies beside a case in the list it was opened from; null at the ends and when it is not in that list. */
export interface Neighbours {
  position: number;
  total: number;
  previous: Step | null;
  next: Step | null;
}

/** A case on the same page of the list, or the page on which it will be found. */
export type Step = { number: number } | { page: number; edge: "first" | "last" };

export function neighboursOf(
  memory: Pick<ListMemory, "numbers" | "query" | "total">,
  publicId: number,
): Neighbours | null {
  const index = memory.numbers.indexOf(publicId);
  if (index === -1) return null;
  const page = memory.query.page ?? 1;
  const size = memory.query.page_size ?? 20;
  const before = memory.numbers[index - 1];
  const after = memory.numbers[index + 1];
  const hasNextPage = page * size < memory.total;
  return {
    position: (page - 1) * size + index + 1,
    total: memory.total,
    previous: before !== undefined ? { number: before } : page > 1 ? { page: page - 1, edge: "last" } : null,
    next: after !== undefined ? { number: after } : hasNextPage ? { page: page + 1, edge: "first" } : null,
  };
}
