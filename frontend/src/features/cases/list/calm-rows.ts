import { useCallback, useState } from "react";
import type { CaseList, CaseRow } from "@/shared/api/types";

export interface CalmRows {
  rows: CaseRow[];
  /** Ids of rows that colleagues changed while they were on the screen. */
  changed: ReadonlySet<string>;
  /** Ids of rows that came in with the last «Показати». */
  fresh: ReadonlySet<string>;
  /** How many cases wait behind the strip above the list. */
  newer: number;
  /** The order or membership differs from what is shown. */
  moved: boolean;
}

export interface Calm extends CalmRows {
  source: CaseList;
  key: string;
}

const NONE: ReadonlySet<string> = new Set();

export const settle = (source: CaseList, key: string, fresh: ReadonlySet<string> = NONE): Calm => ({
  source,
  key,
  rows: source.cases,
  changed: NONE,
  fresh,
  newer: 0,
  moved: false,
});

/**
 * Takes in a fresh answer without moving a row from under the cursor: known rows are updated in place and
 * marked, others wait until the person asks for them. Another filter or page (`key`) is shown as it comes.
 */
export function absorb(before: Calm, source: CaseList, key: string): Calm {
  if (before.key !== key) return settle(source, key);
  const incoming = new Map(source.cases.map((row) => [row.id, row]));
  const shown = new Set(before.rows.map((row) => row.id));
  const changed = new Set(before.changed);
  const rows = before.rows.map((row) => {
    const newest = incoming.get(row.id);
    if (!newest) return row;
    if (newest.version !== row.version) changed.add(row.id);
    return newest;
  });
  const newer = source.cases.filter((row) => !shown.has(row.id)).length;
  const moved =
    source.cases.length !== rows.length || source.cases.some((row, index) => row.id !== rows[index]?.id);
  return { source, key, rows, changed, fresh: before.fresh, newer, moved };
}

/** The rows to show for the newest answer, and the way to let waiting ones in. */
export function useCalmRows(
  data: CaseList | undefined,
  key: string,
): { calm: Calm | null; reveal: () => void } {
  const [calm, setCalm] = useState<Calm | null>(data ? settle(data, key) : null);
  if (data && (calm?.source !== data || calm.key !== key))
    setCalm(calm ? absorb(calm, data, key) : settle(data, key));
  const reveal = useCallback(() => {
    setCalm((current) => {
      if (!current) return null;
      const known = new Set(current.rows.map((row) => row.id));
      const fresh = current.source.cases.filter((row) => !known.has(row.id)).map((row) => row.id);
      return settle(current.source, current.key, new Set(fresh));
    });
  }, []);
  return { calm, reveal };
}
