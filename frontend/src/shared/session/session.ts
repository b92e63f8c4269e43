import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import {
  accessFrom,
  closeSession,
  currentUserId,
  mayHaveSession,
  openSession,
  rememberUser,
  sessionState,
} from "../api/access";
import { api, ok } from "../api/client";
import { isApiError } from "../api/problem";
import { ME_KEY } from "../api/query-client";
import { refreshAccess } from "../api/refresh";
import type { Me, Permission } from "../api/types";
import { clearFilesOf } from "../draft-files";
import { clearDraftsOf, clearOldDrafts } from "../drafts";
import { useStore } from "../store";

export const useSessionState = () => useStore(sessionState);

export function useMeQuery() {
  const state = useSessionState();
  return useQuery({
    queryKey: ME_KEY,
    queryFn: async () => {
      const me = await ok(api.GET("/auth/me"));
      rememberUser(me.id);
      return me;
    },
    enabled: state === "open",
  });
}

/** Who is signed in. Only for screens behind the guard, where somebody always is. */
export function useMe(): Me {
  const { data } = useMeQuery();
  if (!data) throw new Error("useMe is only for screens behind the guard");
  return data;
}

export const can = (me: Me, permission: Permission): boolean => me.permissions.includes(permission);

export function useCan(permission: Permission): boolean {
  return can(useMe(), permission);
}

/** Looks once whether the browser still holds a session. Public pages of a first visit do not ask. */
export function useOpenSession(isPublic: boolean): { failed: boolean; retry: () => void } {
  const query = useQuery({
    queryKey: ["session"],
    queryFn: () => refreshAccess(null),
    staleTime: Infinity,
    gcTime: Infinity,
    enabled: sessionState.get() === "unknown" && (!isPublic || mayHaveSession()),
    refetchOnWindowFocus: false,
  });
  useEffect(() => {
    for (const user of clearOldDrafts(Date.now())) void clearFilesOf(user);
  }, []);
  useEffect(() => {
    if (isPublic && !mayHaveSession() && sessionState.get() === "unknown") sessionState.set("closed");
  }, [isPublic]);
  return { failed: query.isError, retry: () => void query.refetch() };
}

/** Signs in; throws ApiError. */
export async function signIn(client: QueryClient, username: string, password: string): Promise<Me> {
  const answer = await ok(api.POST("/auth/login", { body: { username, password } }));
  const before = currentUserId();
  openSession(accessFrom(answer), answer.user.id);
  client.setQueryData(ME_KEY, answer.user);
  // Another person at the same page: nothing of the previous one may stay on the screen.
  if (before !== null && before !== answer.user.id) window.location.reload();
  return answer.user;
}

/** Ends the session on the server and forgets everything here. Throws when the server cannot be reached. */
export async function signOut(): Promise<void> {
  try {
    await ok(api.POST("/auth/logout"));
  } catch (error) {
    // Over already is what was wanted.
    if (!isApiError(error) || error.status !== 401) throw error;
  }
  leave();
}

function forget(user: string): Promise<void> {
  clearDraftsOf(user);
  return clearFilesOf(user);
}

/** Forgets the person on this computer and shows the sign-in page, without asking the server. */
export function leave(): void {
  const user = currentUserId();
  const forgotten = user === null ? Promise.resolve() : forget(user);
  closeSession();
  // Leaving the page at once would break off the removal of files; a browser that hangs does not hold anybody here.
  const patience = new Promise((resolve) => setTimeout(resolve, 1000));
  void Promise.race([forgotten, patience]).then(() => {
    window.location.assign("/login");
  });
}

/** Reads the person's rights and data again; resolves when they are here. */
export function useRefreshMe(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ME_KEY });
}
