import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, ok } from "@/shared/api/client";
import type { Role } from "@/shared/api/types";
import { menuCounts, type MenuCounts as Counts } from "@/shared/layout/menu-counts";
import { useLocale } from "@/shared/preferences";
import { counted } from "@/shared/plural";
import { can, useMe } from "@/shared/session/session";
import { caseKeys, fetchCases, type CaseQuery } from "@/features/cases/api/cases";
import { noticeKeys } from "@/features/notifications/queries";
import { deskTexts } from "./texts";

/** Events of the stream make the lists stale at once; this is for what it does not tell. */
const REFRESH_MS = 60_000;
/** As often as the log of letters looks: the two must not contradict each other for long. */
const LETTERS_REFRESH_MS = 15_000;

/** What each role must do next: the same thing its list shows first. */
const WAITING: Record<Role, CaseQuery> = {
  OPERATOR: { scope: "mine", status: ["NEEDS_INFO"], page_size: 1 },
  EXECUTOR: { scope: "queue", status: ["NEW"], page_size: 1 },
  ADMIN: { scope: "all", overdue: true, page_size: 1 },
};

function useCounts(): Counts {
  const t = deskTexts.use().counts;
  const me = useMe();
  const locale = useLocale();
  const waiting = useQuery({
    queryKey: caseKeys.list(WAITING[me.role]),
    queryFn: () => fetchCases(WAITING[me.role]),
    refetchInterval: REFRESH_MS,
  });
  const mayManage = can(me, "users.manage");
  const pending = useQuery({
    queryKey: ["users", "pending-count"],
    queryFn: () => ok(api.GET("/api/users", { params: { query: { is_pending: true, page_size: 1 } } })),
    refetchInterval: REFRESH_MS,
    enabled: mayManage,
  });
  const failed = useQuery({
    queryKey: [...noticeKeys.log, "failed-count"],
    queryFn: () =>
      ok(api.GET("/api/notifications/log", { params: { query: { status: "FAILED", page_size: 1 } } })),
    refetchInterval: LETTERS_REFRESH_MS,
    enabled: mayManage,
  });
  const cases = waiting.data?.total ?? 0;
  const inWords = counted(cases, "cases", locale);
  const words = { OPERATOR: t.toClarify(inWords), EXECUTOR: t.waiting(inWords), ADMIN: t.late(inWords) };
  const users = pending.data?.total ?? 0;
  const letters = failed.data?.total ?? 0;
  return {
    ...(cases > 0 ? { cases: { count: cases, words: words[me.role], isLate: me.role === "ADMIN" } } : {}),
    ...(users > 0 ? { users: { count: users, words: t.toApprove(counted(users, "users", locale)) } } : {}),
    ...(letters > 0
      ? { delivery: { count: letters, words: t.failed(counted(letters, "letters", locale)) } }
      : {}),
  };
}

/** Keeps the counters of the menu up to date; shows nothing itself. */
export function MenuCounts() {
  const counts = useCounts();
  useEffect(() => {
    menuCounts.set(counts);
  });
  useEffect(
    () => () => {
      menuCounts.set({});
    },
    [],
  );
  return null;
}
