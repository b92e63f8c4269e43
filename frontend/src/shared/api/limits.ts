import { useQuery } from "@tanstack/react-query";
import { api, ok } from "./client";
import type { components } from "./schema.gen";

export type Limits = components["schemas"]["Limits"];

/** What an installation allows that has changed nothing; shown until the server has said what ours allows. */
const USUAL: Limits = { max_file_bytes: 10 * 1024 * 1024, max_files: 20, overdue_after_days: 3 };

/** The limits of this installation. They change with a restart only, so they are asked for once. */
export function useLimits(): Limits {
  const { data } = useQuery({
    queryKey: ["limits"],
    queryFn: ({ signal }) => ok(api.GET("/api/limits", { signal })),
    staleTime: Infinity,
  });
  return data ?? USUAL;
}
