import { createStore, useStore } from "@/shared/store";
import type { SortField } from "./filters";

export const COLUMNS = [
  "number",
  "applicant",
  "summary",
  "category",
  "channel",
  "status",
  "responsible",
  "age",
] as const;
export type Column = (typeof COLUMNS)[number];

/** Without a number and a summary a row says nothing; the others are the person's choice. */
export const FIXED: readonly Column[] = ["number", "summary"];

export const SORT_OF: Partial<Record<Column, SortField>> = {
  number: "public_id",
  applicant: "applicant_name",
  category: "category",
  status: "status",
  age: "created_at",
};

const KEY = "ohmatdyt.cases.columns";

/** Hidden columns are kept rather than shown ones, so that a column added later appears by itself. */
function read(): readonly Column[] {
  try {
    const hidden: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(hidden) ? COLUMNS.filter((c) => hidden.includes(c) && !FIXED.includes(c)) : [];
  } catch {
    return [];
  }
}

const hiddenColumns = createStore<readonly Column[]>(typeof window === "undefined" ? [] : read());

export function toggleColumn(column: Column): void {
  if (FIXED.includes(column)) return;
  const hidden = hiddenColumns.get();
  const next = hidden.includes(column) ? hidden.filter((c) => c !== column) : [...hidden, column];
  hiddenColumns.set(next);
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // The choice lasts until the tab is closed.
  }
}

export function useColumns(): readonly Column[] {
  const hidden = useStore(hiddenColumns);
  return COLUMNS.filter((column) => !hidden.includes(column));
}
