import { useQuery } from "@tanstack/react-query";
import type { Role } from "@/shared/api/types";
import { caseKeys, fetchCases, type CaseQuery } from "./cases";

/** Cases of one number that this role may see; nothing without a number. */
export function useCasesByPhone(number: string | null, role: Role, count: number) {
  const query: CaseQuery = {
    applicant_phone: number ?? "",
    page_size: count,
    // Without a scope an executor would see only what waits for him.
    ...(role === "EXECUTOR" ? { scope: "category" } : {}),
  };
  return useQuery({
    queryKey: caseKeys.list(query),
    queryFn: () => fetchCases(query),
    enabled: number !== null,
    staleTime: 30_000,
    retry: false,
  });
}
