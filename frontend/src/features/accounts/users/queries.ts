import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ok } from "@/shared/api/client";
import { ME_KEY } from "@/shared/api/query-client";
import { ROLES, type Role, type User } from "@/shared/api/types";
import * as url from "@/shared/url-state";

export const PAGE_SIZE = 20;
export const USER_STATES = ["active", "inactive", "pending"] as const;
export type UserState = (typeof USER_STATES)[number];

/** The list's conditions, as they stand in the address. */
export interface UsersView {
  search: string;
  role: Role | undefined;
  state: UserState | undefined;
  page: number;
  order: string;
  /** Whose panel is open: an id, or `new`. */
  user: string;
}

export const usersView = {
  search: url.text(),
  role: url.oneOf(ROLES),
  state: url.oneOf(USER_STATES),
  page: url.count(1),
  order: url.text("full_name"),
  user: url.text(),
};

const stateFilter = {
  active: { is_active: true },
  inactive: { is_active: false, is_pending: false },
  pending: { is_pending: true },
};

export function useUsers({ search, role, state, page, order }: UsersView) {
  const query = {
    page,
    page_size: PAGE_SIZE,
    order_by: order as "full_name",
    ...(search ? { search } : {}),
    ...(role ? { role } : {}),
    ...(state ? stateFilter[state] : {}),
  };
  return useQuery({
    queryKey: ["users", query],
    queryFn: ({ signal }) => ok(api.GET("/api/users", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}

/** Runs one change and reads the lists again; also one's own rights, which may be what changed. */
export function useUserChange<T, A>(change: (input: T) => Promise<A>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["users"] }),
        client.invalidateQueries({ queryKey: ME_KEY }),
      ]),
  });
}

const one = (user_id: string) => ({ params: { path: { user_id } } });

export const calls = {
  activate: ({ id, role }: { id: string; role?: Role }): Promise<User> =>
    ok(api.POST("/api/users/{user_id}/activate", { ...one(id), body: role ? { role } : {} })),
  deactivate: ({ id }: { id: string }): Promise<User> =>
    ok(api.POST("/api/users/{user_id}/deactivate", one(id))),
  resetPassword: ({ id, key }: { id: string; key: string }) =>
    ok(api.POST("/api/users/{user_id}/reset-password", { ...one(id), headers: { "Idempotency-Key": key } })),
  remove: ({ id }: { id: string }) => ok(api.DELETE("/api/users/{user_id}", one(id))),
};
