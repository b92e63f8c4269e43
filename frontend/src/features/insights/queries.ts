import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, ok } from "@/shared/api/client";
import type { components } from "@/shared/api/schema.gen";
import { queryOf, type PeriodView } from "./period";

type Schemas = components["schemas"];

export type Dashboard = Schemas["Dashboard"];
export type Summary = Schemas["Summary"];
export type ExecutorRow = Schemas["ExecutorRow"];
export type Target = Schemas["Target"];
export type TrendPoint = Schemas["TrendPoint"];
export type DurationsCompared = Schemas["DurationsCompared"];

const REFRESH_MS = 60_000;

/** The whole page from one snapshot: its figures agree with each other. */
export function useDashboard(view: PeriodView) {
  const query = queryOf(view);
  return useQuery({
    queryKey: ["insights", "dashboard", query],
    queryFn: ({ signal }) => ok(api.GET("/api/dashboard", { params: { query }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
}

export function useMyFigures(view: PeriodView) {
  const query = queryOf(view);
  return useQuery({
    queryKey: ["insights", "mine", query],
    queryFn: ({ signal }) => ok(api.GET("/api/insights/mine", { params: { query }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
}
