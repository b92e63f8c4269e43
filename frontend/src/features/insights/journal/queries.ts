import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ok } from "@/shared/api/client";
import type { components } from "@/shared/api/schema.gen";
import * as url from "@/shared/url-state";
import { isDay } from "../period";

export type JournalEntry = components["schemas"]["AuditEntryOut"];
export type ChainStatus = components["schemas"]["ChainStatus"];

export const OUTCOMES = ["done", "refused"] as const;

/** The journal's filters, as they stand in the address. */
export interface JournalView {
  actor_id: string;
  action: string[];
  object_type: string;
  object_id: string;
  outcome: (typeof OUTCOMES)[number] | undefined;
  date_from: string;
  date_to: string;
  /** The cursor of the page shown; empty for the newest. */
  after: string;
}

export const journalView = {
  actor_id: url.text(),
  action: url.list(),
  object_type: url.text(),
  object_id: url.text(),
  outcome: url.oneOf(OUTCOMES),
  date_from: url.text(),
  date_to: url.text(),
  after: url.text(),
};

const KEY = ["journal"] as const;
const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** The parameters of the call: empty and unreadable ones are left out. */
export function queryOf(view: JournalView) {
  return {
    page_size: 50,
    ...(isId(view.actor_id) ? { actor_id: view.actor_id } : {}),
    ...(view.action.length > 0 ? { action: view.action } : {}),
    ...(view.object_type ? { object_type: view.object_type } : {}),
    ...(view.object_id.trim() ? { object_id: view.object_id.trim() } : {}),
    ...(view.outcome ? { outcome: view.outcome } : {}),
    ...(isDay(view.date_from) ? { date_from: view.date_from } : {}),
    ...(isDay(view.date_to) ? { date_to: view.date_to } : {}),
    ...(view.after ? { after: view.after } : {}),
  };
}

export function useJournal(view: JournalView) {
  const query = queryOf(view);
  return useQuery({
    queryKey: [...KEY, "entries", query],
    queryFn: ({ signal }) => ok(api.GET("/api/audit", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function useActions() {
  return useQuery({
    queryKey: [...KEY, "actions"],
    queryFn: () => ok(api.GET("/api/audit/actions")),
    staleTime: 5 * 60_000,
  });
}

/** Everybody who has an account, for the choice of a person. */
export function usePeople() {
  return useQuery({
    queryKey: ["users", "for-journal"],
    queryFn: () => ok(api.GET("/api/users", { params: { query: { page_size: 100 } } })),
    staleTime: 5 * 60_000,
  });
}

export function useChain() {
  return useQuery({
    queryKey: [...KEY, "chain"],
    queryFn: ({ signal }) => ok(api.GET("/api/audit/chain", { signal })),
  });
}

/** Recomputes the whole chain now. */
export function useVerifyChain() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => ok(api.GET("/api/audit/chain", { params: { query: { verify: true } } })),
    onSuccess: (status) => {
      client.setQueryData([...KEY, "chain"], status);
    },
  });
}
