import { QueryCache, QueryClient } from "@tanstack/react-query";
import { isApiError } from "./problem";

const RETRIES = 2;
export const ME_KEY = ["me"] as const;

/** Asks again only where asking again may help: no answer, or a server that said "later". */
export function shouldRetry(failures: number, error: unknown): boolean {
  if (failures >= RETRIES || !isApiError(error)) return false;
  return error.status === 0 || error.status === 502 || error.status === 503 || error.status === 504;
}

export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        // A refusal may mean that the rights have just changed: read them again, the menu follows.
        if (isApiError(error) && error.status === 403 && query.queryKey[0] !== ME_KEY[0])
          void client.invalidateQueries({ queryKey: ME_KEY });
      },
    }),
    defaultOptions: {
      queries: { retry: shouldRetry, staleTime: 15_000, networkMode: "always" },
      // Never repeated and never parked until the network is back: sending is the person's own click.
      mutations: { retry: false, networkMode: "always" },
    },
  });
  return client;
}
