import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ok } from "@/shared/api/client";
import type { DirectoryEntry } from "@/shared/api/types";

export type DirectoryKind = "categories" | "channels";

/** Where an entry lives: one of the two directories, or the subcategories of a category. */
export type Place =
  { kind: "categories" } | { kind: "channels" } | { kind: "subcategories"; categoryId: string };

const HOUR_MS = 3_600_000;
const query = (includeInactive: boolean) => ({ query: { include_inactive: includeInactive } });

export function useCategories({ includeInactive = false } = {}) {
  return useQuery({
    queryKey: ["categories", { includeInactive }],
    queryFn: ({ signal }) => ok(api.GET("/api/categories", { params: query(includeInactive), signal })),
    staleTime: HOUR_MS,
  });
}

export function useChannels({ includeInactive = false } = {}) {
  return useQuery({
    queryKey: ["channels", { includeInactive }],
    queryFn: ({ signal }) => ok(api.GET("/api/channels", { params: query(includeInactive), signal })),
    staleTime: HOUR_MS,
  });
}

export function useSubcategories(categoryId: string | undefined, { includeInactive = false } = {}) {
  return useQuery({
    queryKey: ["subcategories", categoryId, { includeInactive }],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/api/categories/{category_id}/subcategories", {
          params: { path: { category_id: categoryId ?? "" }, ...query(includeInactive) },
          signal,
        }),
      ),
    enabled: categoryId !== undefined,
    staleTime: HOUR_MS,
  });
}

/** All entries of a directory for its administrators, active ones or not. */
export function useDirectory(kind: DirectoryKind) {
  return useQuery({
    queryKey: [kind, "directory"],
    queryFn: async ({ signal }): Promise<DirectoryEntry[]> => {
      if (kind === "categories")
        return (await ok(api.GET("/api/categories", { params: query(true), signal }))).categories;
      return (await ok(api.GET("/api/channels", { params: query(true), signal }))).channels;
    },
    staleTime: 0,
  });
}

/** Runs one change of the directories and reads all of them again: cases show their names as well. */
export function useDirectoryChange<T, A>(change: (input: T) => Promise<A>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () =>
      Promise.all(
        ["categories", "channels", "subcategories", "cases", "users"].map((key) =>
          client.invalidateQueries({ queryKey: [key] }),
        ),
      ),
  });
}
