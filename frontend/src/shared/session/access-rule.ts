import type { NextPage } from "next";
import type { Permission } from "../api/types";

/** Who may open a page: anybody, anybody signed in (even with a temporary password), or holders of a right. */
export type AccessRule = "public" | "temporary-password" | "signed-in" | { permission: Permission };

/** A page of this desk. Without `access` it asks for a signed-in person; `bare` pages have no menu around. */
export type DeskPage<P = object> = NextPage<P> & { access?: AccessRule; bare?: boolean };
