import { api, ok } from "@/shared/api/client";
import type { Role, User, UserCreated } from "@/shared/api/types";

export interface UserValues {
  full_name: string;
  username: string;
  email: string;
  role: Role;
  category_ids: string[];
  own_password: boolean;
  password?: string;
}

export function createUser({ values, key }: { values: UserValues; key: string }): Promise<UserCreated> {
  const body = {
    full_name: values.full_name,
    username: values.username,
    email: values.email,
    role: values.role,
    ...(values.own_password ? { password: values.password ?? null } : {}),
    ...(values.role === "EXECUTOR" ? { executor_category_ids: values.category_ids } : {}),
  };
  return ok(api.POST("/api/users", { body, headers: { "Idempotency-Key": key } }));
}

const sameSet = (a: string[], b: string[]): boolean =>
  a.length === b.length && new Set([...a, ...b]).size === a.length;

/** Saves the data, then the category access where it changed; only an executor has any. */
export async function updateUser({ user, values }: { user: User; values: UserValues }): Promise<void> {
  const path = { user_id: user.id };
  const changed = {
    ...(values.full_name === user.full_name ? {} : { full_name: values.full_name }),
    ...(values.email === user.email ? {} : { email: values.email }),
    ...(values.role === user.role ? {} : { role: values.role }),
  };
  if (Object.keys(changed).length > 0)
    await ok(
      api.PATCH("/api/users/{user_id}", {
        params: { path },
        body: changed,
        headers: { "If-Match": `"${user.version.toString()}"` },
      }),
    );
  const before = user.category_access.map((category) => category.id);
  if (values.role === "EXECUTOR" && !sameSet(before, values.category_ids))
    await ok(
      api.PUT("/api/users/{user_id}/category-access", {
        params: { path },
        body: { category_ids: values.category_ids },
      }),
    );
}
