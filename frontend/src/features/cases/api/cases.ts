import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
  type QueryClient,
} from "@tanstack/react-query";
import { api, ok } from "@/shared/api/client";
import type { paths } from "@/shared/api/schema.gen";
import type { CaseCard, CaseList } from "@/shared/api/types";

export type CaseQuery = NonNullable<paths["/api/cases"]["get"]["parameters"]["query"]>;

export const caseKeys = {
  all: ["cases"] as const,
  lists: ["cases", "list"] as const,
  list: (query: CaseQuery) => ["cases", "list", query] as const,
  card: (publicId: string) => ["cases", "card", publicId] as const,
};

/** How often an open list or card asks whether colleagues changed something. */
const REFRESH_MS = 30_000;

export const fetchCases = (query: CaseQuery): Promise<CaseList> =>
  ok(api.GET("/api/cases", { params: { query } }));

export function useCaseList(query: CaseQuery) {
  return useQuery({
    queryKey: caseKeys.list(query),
    queryFn: () => fetchCases(query),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
}

export function useCase(publicId: string) {
  return useQuery({
    queryKey: caseKeys.card(publicId),
    queryFn: () => ok(api.GET("/api/cases/{case}", { params: { path: { case: publicId } } })),
    enabled: publicId !== "",
    refetchInterval: REFRESH_MS,
  });
}

const EARLIER = 50;

/** Comments before those the card carries, newest page first; asked for when the person wants them. */
export function useEarlierComments(card: CaseCard) {
  return useInfiniteQuery({
    // Pages are counted from the newest: one more comment moves them, so they are asked for again.
    queryKey: [...caseKeys.card(card.public_id.toString()), "comments", card.comments_total],
    queryFn: ({ pageParam, signal }) =>
      ok(
        api.GET("/api/cases/{case}/comments", {
          params: {
            path: { case: card.public_id },
            query: { order_by: "-created_at", page: pageParam, page_size: EARLIER },
          },
          signal,
        }),
      ),
    initialPageParam: Math.floor(card.comments.length / EARLIER) + 1,
    getNextPageParam: (last) => (last.page * last.page_size < last.total ? last.page + 1 : undefined),
    enabled: false,
    staleTime: Infinity,
  });
}

/** Shows a changed card at once and lets lists ask again when they are next looked at. */
export function putCard(client: QueryClient, card: CaseCard): void {
  client.setQueryData(caseKeys.card(card.public_id.toString()), card);
  void client.invalidateQueries({ queryKey: caseKeys.lists });
}

/** Reads a card again after something around it changed (files, comments). */
export function useReloadCard(publicId: number): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await client.invalidateQueries({ queryKey: caseKeys.card(publicId.toString()) });
    void client.invalidateQueries({ queryKey: caseKeys.lists });
  };
}
