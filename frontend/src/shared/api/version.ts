import { useQuery } from "@tanstack/react-query";
import { api, ok } from "./client";

/** Which version of the program answers; undefined until it is known. Asked for only when somebody looks. */
export function useVersion(isLookedAt: boolean): string | undefined {
  const { data } = useQuery({
    queryKey: ["version"],
    queryFn: ({ signal }) => ok(api.GET("/healthz", { signal })),
    enabled: isLookedAt,
    retry: false,
  });
  return data?.version;
}
