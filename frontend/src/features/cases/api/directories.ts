import { useQuery } from "@tanstack/react-query";
import { api, ok } from "@/shared/api/client";
import type { DirectoryEntry, Subcategory, UserRef } from "@/shared/api/types";

const STALE_MS = 5 * 60_000;

/** Categories open for new cases, in the Ukrainian alphabetical order of the server. */
export function useCategories(): DirectoryEntry[] | undefined {
  const { data } = useQuery({
    queryKey: ["categories", "active"],
    queryFn: () => ok(api.GET("/api/categories")),
    staleTime: STALE_MS,
  });
  return data?.categories;
}

export function useChannels(): DirectoryEntry[] | undefined {
  const { data } = useQuery({
    queryKey: ["channels", "active"],
    queryFn: () => ok(api.GET("/api/channels")),
    staleTime: STALE_MS,
  });
  return data?.channels;
}

export function useSubcategories(categoryId: string): Subcategory[] | undefined {
  const { data } = useQuery({
    queryKey: ["categories", categoryId, "subcategories", "active"],
    queryFn: () =>
      ok(api.GET("/api/categories/{id}/subcategories", { params: { path: { category_id: categoryId } } })),
    staleTime: STALE_MS,
    enabled: categoryId !== "",
  });
  return data?.subcategories;
}

/** Whom a case may be given to: active executors, and with access to the category first. Only for ADMIN. */
export function useExecutors(enabled: boolean): (UserRef & { categoryIds: string[] })[] | undefined {
  const { data } = useQuery({
    queryKey: ["users", "executors"],
    queryFn: () =>
      ok(api.GET("/api/users", { params: { query: { role: "EXECUTOR", is_active: true, page_size: 100 } } })),
    staleTime: STALE_MS,
    enabled,
  });
  return data?.users.map((user) => ({
    id: user.id,
    full_name: user.full_name,
    categoryIds: user.category_access.map((category) => category.id),
  }));
}
