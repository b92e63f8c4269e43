import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, ok } from "@/shared/api/client";

export interface Caller {
  phone: string;
  email: string;
  name: string;
}

/** Who may be calling, by what has been typed so far; asks nothing while that is too little to tell. */
export function useLookup(caller: Caller) {
  const query = {
    ...(caller.phone.replace(/\D/g, "").length >= 4 ? { phone: caller.phone.trim() } : {}),
    ...(caller.email.trim().length >= 3 ? { email: caller.email.trim() } : {}),
    ...(caller.name.trim().length >= 3 ? { name: caller.name.trim() } : {}),
  };
  return useQuery({
    queryKey: ["lookup", query],
    queryFn: ({ signal }) => ok(api.GET("/api/patients/lookup", { params: { query }, signal })),
    enabled: Object.keys(query).length > 0,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  });
}
