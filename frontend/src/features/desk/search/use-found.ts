import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, ok } from "@/shared/api/client";
import { caseKeys, fetchCases } from "@/features/cases/api/cases";
import { peopleKeys } from "@/features/people/queries";
import type { Found } from "./options";

const SHORTEST = 2;
const STALE_MS = 10_000;

/** Cases, patients and doctors for the words typed; each list comes when it comes. */
export function useFound(words: string): { found: Found; isSearching: boolean; isFailed: boolean } {
  const enabled = words.length >= SHORTEST;
  const shared = { enabled, staleTime: STALE_MS, placeholderData: keepPreviousData, retry: false };
  const caseQuery = { search: words, page_size: 6 };
  const cases = useQuery({
    queryKey: caseKeys.list(caseQuery),
    queryFn: () => fetchCases(caseQuery),
    ...shared,
  });
  const patientQuery = { search: words, page_size: 4 };
  const patients = useQuery({
    queryKey: [...peopleKeys.patients, "list", patientQuery],
    queryFn: ({ signal }) => ok(api.GET("/api/patients", { params: { query: patientQuery }, signal })),
    ...shared,
  });
  const doctorQuery = { search: words, page_size: 3, is_active: true };
  const doctors = useQuery({
    queryKey: [...peopleKeys.doctors, "list", doctorQuery],
    queryFn: ({ signal }) => ok(api.GET("/api/doctors", { params: { query: doctorQuery }, signal })),
    ...shared,
  });
  const all = [cases, patients, doctors];
  return {
    found: enabled
      ? { cases: cases.data?.cases, patients: patients.data?.patients, doctors: doctors.data?.doctors }
      : {},
    isSearching: enabled && all.some((one) => one.isFetching),
    isFailed: enabled && all.every((one) => one.isError),
  };
}
