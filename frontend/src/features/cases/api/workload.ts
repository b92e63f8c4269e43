import { useQuery } from "@tanstack/react-query";
import { api, ok } from "@/shared/api/client";
import type { components } from "@/shared/api/schema.gen";

type ExecutorRow = components["schemas"]["ExecutorRow"];

/** What one person has on the desk now, and how long his cases took in the month. */
export interface Workload {
  /** In progress or waiting for information. */
  open: number;
  /** Of those, without a change of status for too long. */
  stale: number;
  /** New cases of his categories that nobody has answered in time. */
  overdue: number;
  averageSeconds: number | null;
}

const workloadOf = (row: ExecutorRow): Workload => ({
  open: row.in_progress_now + row.needs_info_now,
  stale: row.stale_now,
  overdue: row.overdue_now,
  averageSeconds: row.average_seconds,
});

/** By user. Those who have nothing and serve no category may be missing. Only for ADMIN. */
export function useWorkloads(enabled: boolean): ReadonlyMap<string, Workload> | undefined {
  const { data } = useQuery({
    queryKey: ["insights", "workload"],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/dashboard/executors-efficiency", { params: { query: { period: "month" } }, signal })),
    select: ({ executors }) => new Map(executors.map((row) => [row.user.id, workloadOf(row)])),
    staleTime: 30_000,
    enabled,
  });
  return data;
}
