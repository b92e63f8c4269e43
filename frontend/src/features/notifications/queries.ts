import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { newIdempotencyKey } from "@/shared/api/idempotency";
import { api, ok } from "@/shared/api/client";
import type { components } from "@/shared/api/schema.gen";
import * as url from "@/shared/url-state";
import { unreadCount } from "./live/state";

export type Notice = components["schemas"]["NotificationOut"];
export type NoticeType = Notice["type"];
export type Delivery = components["schemas"]["Delivery"];
export type MailStatus = Delivery["status"];
export type Alarm = components["schemas"]["AlarmOut"];
export type JobState = components["schemas"]["JobOut"];

export const NOTICE_TYPES = [
  "NEW_CASE",
  "CASE_TAKEN",
  "STATUS_CHANGED",
  "COMMENT_PUBLIC",
  "COMMENT_INTERNAL",
  "REASSIGNED",
  "ESCALATION",
  "ACCOUNT_CREATED",
  "PASSWORD_RESET",
  "ALARM",
] as const satisfies readonly NoticeType[];

export const MAIL_STATUSES = [
  "FAILED",
  "PENDING",
  "SENDING",
  "NOT_CONFIGURED",
  "SKIPPED",
  "SENT",
] as const satisfies readonly MailStatus[];

export const noticeKeys = {
  all: ["notifications"] as const,
  mine: ["notifications", "mine"] as const,
  log: ["notifications", "log"] as const,
};

const PAGE_SIZE = 20;

/** The person's own list, the newest first, further pages on demand. */
export function useNotices(onlyUnread: boolean) {
  const query = useInfiniteQuery({
    queryKey: [...noticeKeys.mine, { onlyUnread }],
    queryFn: ({ pageParam, signal }) =>
      ok(
        api.GET("/api/notifications", {
          params: {
            query: { page: pageParam, page_size: PAGE_SIZE, ...(onlyUnread ? { unread: true } : {}) },
          },
          signal,
        }),
      ),
    initialPageParam: 1,
    getNextPageParam: (last) => (last.page * last.page_size < last.total ? last.page + 1 : undefined),
  });
  // While pages are read new lines may push old ones over the edge between two pages.
  const seen = new Set<string>();
  const notices = (query.data?.pages ?? [])
    .flatMap((page) => page.notifications)
    .filter(({ id }) => !seen.has(id) && seen.add(id));
  return { query, notices, total: query.data?.pages[0]?.total };
}

/** Marks one as read, or (null) all. */
export function useMarkRead() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string | null) =>
      id === null
        ? ok(api.POST("/api/notifications/read-all"))
        : ok(
            api.POST("/api/notifications/{notification_id}/read", {
              params: { path: { notification_id: id } },
            }),
          ),
    onSuccess: ({ unread }) => {
      unreadCount.set(unread);
    },
    onSettled: () => client.invalidateQueries({ queryKey: noticeKeys.mine }),
  });
}

/** Conditions of the delivery log, as they stand in the address. */
export interface LogView {
  tab: "jobs" | undefined;
  status: MailStatus | undefined;
  type: NoticeType | undefined;
  case_id: string;
  page: number;
}

export const logView = {
  tab: url.oneOf(["jobs"] as const),
  status: url.oneOf(MAIL_STATUSES),
  type: url.oneOf(NOTICE_TYPES),
  case_id: url.text(),
  page: url.count(1),
};

export const LOG_PAGE_SIZE = 20;

export function useDeliveryLog({ status, type, case_id, page }: LogView) {
  const query = {
    page,
    page_size: LOG_PAGE_SIZE,
    ...(status ? { status } : {}),
    ...(type ? { type } : {}),
    ...(/^[1-9]\d{5}$/.test(case_id) ? { case_id } : {}),
  };
  return useQuery({
    queryKey: [...noticeKeys.log, query],
    queryFn: ({ signal }) => ok(api.GET("/api/notifications/log", { params: { query }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
}

export function useResend() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      ok(
        api.POST("/api/notifications/{notification_id}/resend", {
          params: { path: { notification_id: id } },
          headers: { "Idempotency-Key": newIdempotencyKey() },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: noticeKeys.log }),
  });
}

export function useJobs() {
  return useQuery({
    queryKey: ["jobs"],
    queryFn: ({ signal }) => ok(api.GET("/api/jobs", { signal })),
    refetchInterval: 30_000,
  });
}

/** What is wrong with the installation now; only for those who may know. */
export function useAlarms(isWanted: boolean) {
  return useQuery({
    queryKey: ["alarms"],
    queryFn: ({ signal }) => ok(api.GET("/api/alarms", { signal })),
    refetchInterval: 60_000,
    enabled: isWanted,
  });
}
