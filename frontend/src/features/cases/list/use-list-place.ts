import { useRouter } from "next/router";
import { useCallback, useEffect, useLayoutEffect, useRef } from "react";
import type { CaseRow } from "@/shared/api/types";
import type { CaseQuery } from "../api/cases";
import { readMemory, writeMemory } from "./memory";

/**
 * Keeps the place in the list: coming back from a case shows the same rows at the same height with the
 * opened one in focus. Returns what to call when a case is opened.
 */
export function useListPlace(
  query: CaseQuery,
  rows: readonly CaseRow[],
  total: number,
  isReady: boolean,
): (opened: number | null) => void {
  const { asPath } = useRouter();
  const latest = useRef({ address: asPath, query, rows, total });
  useLayoutEffect(() => {
    latest.current = { address: asPath, query, rows, total };
  });

  const remember = useCallback((opened: number | null) => {
    const { address, query, rows, total } = latest.current;
    writeMemory({
      address,
      query,
      total,
      opened,
      numbers: rows.map((row) => row.public_id),
      scrollY: window.scrollY,
    });
  }, []);

  const restored = useRef(false);
  useEffect(() => {
    if (!isReady || restored.current) return;
    restored.current = true;
    const memory = readMemory();
    if (memory?.opened == null || memory.address !== asPath) return;
    window.scrollTo({ top: memory.scrollY });
    const link = document.querySelector<HTMLElement>(`a[data-case="${memory.opened.toString()}"]`);
    link?.focus({ preventScroll: true });
    // Going through cases on the card may have led to a row outside the screen.
    link?.closest("tr, li")?.scrollIntoView({ block: "nearest" });
    writeMemory({ ...memory, opened: null });
  }, [isReady, asPath]);

  return remember;
}
