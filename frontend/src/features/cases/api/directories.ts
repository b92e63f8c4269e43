import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, ok } from "@/shared/api/client";
import type { DirectoryEntry, Subcategory, UserRef } from "@/shared/api/types";

const STALE_MS = 5 * 60_000;

const categoriesQuery = queryOptions({
  queryKey: ["categories", "active"],
  queryFn: () => ok(api.GET("/api/categories")),
  staleTime: STALE_MS,
});
const channelsQuery = queryOptions({
  queryKey: ["channels", "active"],
  queryFn: () => ok(api.GET("/api/channels")),
  staleTime: STALE_MS,
});

/** Categories open for new cases, in the Ukrainian alphabetical order of the server. */
export function useCategories(): DirectoryEntry[] | undefined {
  return useQuery(categoriesQuery).data?.categories;
}

export function useChannels(): DirectoryEntry[] | undefined {
  return useQuery(channelsQuery).data?.channels;
}

/** Why there is nothing to choose from, and the way to ask again; null while there is, or while it is on its way. */
export function useDirectoryTrouble(): { error: Error; retry: () => void } | null {
  const both = [useQuery(categoriesQuery), useQuery(channelsQuery)];
  const failed = both.filter((query) => query.isError && !query.data);
  const error = failed[0]?.error;
  if (!error) return null;
  return {
    error,
    retry: () => {
      for (const query of failed) void query.refetch();
    },
  };
}

export function useSubcategories(categoryId: string): Subcategory[] | undefined {
  const { data } = useQuery({
    queryKey: ["categories", categoryId, "subcategories", "active"],
    queryFn: () =>
      ok(
        api.GET("/api/categories/{category_id}/subcategories", {
          params: { path: { category_id: categoryId } },
        }),
      ),
    staleTime: STALE_MS,
    enabled: categoryId !== "",
  });
  return data?.subcategories;
}

export type Assignee = UserRef & { role: "EXECUTOR" | "ADMIN"; categoryIds: string[] };

const peopleOf = async (role: Assignee["role"]): Promise<Assignee[]> => {
  const { users } = await ok(
    api.GET("/api/users", { params: { query: { role, is_active: true, page_size: 100 } } }),
  );
  return users.map((user) => ({
    id: user.id,
    full_name: user.full_name,
    role,
    categoryIds: user.category_access.map((category) => category.id),
  }));
};

/** Active executors and administrators: those who can be responsible at all. Only for ADMIN. */
export function useAssignees(enabled: boolean): Assignee[] | undefined {
  const { data } = useQuery({
    queryKey: ["users", "assignees"],
    queryFn: async () => (await Promise.all([peopleOf("EXECUTOR"), peopleOf("ADMIN")])).flat(),
    staleTime: STALE_MS,
    enabled,
  });
  return data;
}
