import { useRouter } from "next/router";
import { useEffect, type ReactNode } from "react";
import { can, useMeQuery, useOpenSession, useSessionState } from "./session";
import type { AccessRule } from "./access-rule";
import { ErrorState } from "../ui/ErrorState";
import { Forbidden } from "../ui/Forbidden";
import { FrameSkeleton } from "../ui/skeletons";

interface Props {
  access: AccessRule;
  /** What stands around the page once it is clear who is here. */
  frame: (page: ReactNode) => ReactNode;
  children: ReactNode;
}

/** Lets a page through when the person may see it, otherwise leads to where the way goes on. */
export function Guard({ access, frame, children }: Props) {
  const router = useRouter();
  const opening = useOpenSession(access === "public");
  const state = useSessionState();
  const me = useMeQuery();

  const anonymous = state === "closed";
  const mustChange = me.data?.must_change_password === true && access !== "temporary-password";

  useEffect(() => {
    if (access === "public" || !router.isReady) return;
    if (anonymous) void router.replace({ pathname: "/login", query: nextOf(router.asPath) });
    else if (mustChange) void router.replace({ pathname: "/change-password", query: nextOf(router.asPath) });
  }, [access, anonymous, mustChange, router]);

  if (access === "public") return children;
  if (opening.failed && !me.data) return <ErrorState error={null} onRetry={opening.retry} />;
  if (me.isError && !me.data) return <ErrorState error={me.error} onRetry={() => void me.refetch()} />;
  if (!me.data || anonymous || mustChange) return <FrameSkeleton />;
  if (typeof access === "object" && !can(me.data, access.permission))
    return frame(<Forbidden permission={access.permission} />);
  return frame(children);
}

function nextOf(path: string): Record<string, string> {
  return path === "/" || path === "/cases" ? {} : { next: path };
}

// A browser drops tabs and line ends from an address and reads `\` as `/`, so that `/<tab>/evil.example` is another site.
const MISREAD = /[\u0000-\u001f\u007f\\]|%(?:[01][0-9a-f]|7f|5c)/i;

/** Where to go after signing in: a page of this desk, however the wish is written; anything else is the list. */
export function safeNext(next: unknown): string {
  if (typeof next !== "string" || !/^\/(?!\/)/.test(next) || MISREAD.test(next)) return "/cases";
  const url = new URL(next, window.location.origin);
  if (url.origin !== window.location.origin) return "/cases";
  if (url.pathname.startsWith("//") || /^\/(?:login|api|auth)(?:\/|$)/.test(url.pathname)) return "/cases";
  return url.pathname + url.search + url.hash;
}
