import { useRouter } from "next/router";
import { useCallback, useMemo } from "react";
import { fetchCases } from "../api/cases";
import { neighboursOf, readMemory, writeMemory, type Neighbours, type Step } from "../list/memory";

const LIST = "/cases";

const withPage = (address: string, page: number): string => {
  const url = new URL(address, "http://list.invalid");
  if (page > 1) url.searchParams.set("page", page.toString());
  else url.searchParams.delete("page");
  return url.pathname + url.search;
};

/** The way back to the list one came from, and to the cases before and after this one there. */
export function useNeighbours(publicId: number): {
  neighbours: Neighbours | null;
  listAddress: string;
  go: (step: Step) => Promise<void>;
  toList: () => void;
} {
  const router = useRouter();
  // Read again for each case: going to the next one may have turned the page.
  const { memory, neighbours } = useMemo(() => {
    const memory = readMemory();
    return { memory, neighbours: memory ? neighboursOf(memory, publicId) : null };
  }, [publicId]);
  const listAddress = memory?.address ?? LIST;

  const go = useCallback(
    async (step: Step) => {
      const current = readMemory();
      if (!current) return;
      let next = "number" in step ? step.number : undefined;
      let { query, numbers, address, total } = current;
      if ("page" in step) {
        query = { ...query, page: step.page };
        const answer = await fetchCases(query);
        numbers = answer.cases.map((row) => row.public_id);
        total = answer.total;
        address = withPage(address, step.page);
        next = step.edge === "first" ? numbers[0] : numbers.at(-1);
      }
      if (next === undefined) return;
      writeMemory({ ...current, query, numbers, address, total, opened: next });
      // Replaced, not pushed: «back» leads to the list, not through every case looked at.
      await router.replace(`${LIST}/${next.toString()}`);
    },
    [router],
  );
  const toList = useCallback(() => {
    void router.push(listAddress);
  }, [router, listAddress]);

  return { neighbours, listAddress, go, toList };
}
