import type { QueryClient } from "@tanstack/react-query";
import { caseKeys } from "@/features/cases/api/cases";
import { noticeKeys } from "../queries";
import type { StreamEvent } from "./parse";
import type { Notice } from "../queries";
import { unreadCount } from "./state";

/** Bursts (an import, a shift change) are taken together, and windows do not all ask in the same instant. */
const TOGETHER_MS = 400;
const SPREAD_MS = 600;

const parsed = (data: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

/**
 * What a window does with what it hears. Nothing is shown from the event itself but the counter: data is asked for
 * anew, with the rights of the moment. Lists take changes in without moving rows (see `calm-rows`), what is typed lives
 * outside the queries.
 */
export function createApply(client: QueryClient, onNotice: (notice: Notice) => void) {
  const cases = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let opened = 0;

  const catchUp = (): void => {
    void client.invalidateQueries({ queryKey: caseKeys.all });
    void client.invalidateQueries({ queryKey: noticeKeys.all });
  };
  const flush = (): void => {
    timer = undefined;
    for (const publicId of cases) void client.invalidateQueries({ queryKey: caseKeys.card(publicId) });
    cases.clear();
    void client.invalidateQueries({ queryKey: caseKeys.lists });
  };

  return ({ event, data }: StreamEvent): void => {
    const value = parsed(data);
    if (event === "hello" || event === "counters") {
      if (typeof value.unread === "number") unreadCount.set(value.unread);
      if (event === "counters") void client.invalidateQueries({ queryKey: noticeKeys.mine });
      else if ((opened += 1) > 1) catchUp();
    } else if (event === "resync") catchUp();
    else if (event === "notification") onNotice(value as unknown as Notice);
    else if (event === "case" && typeof value.public_id === "number") {
      cases.add(value.public_id.toString());
      timer ??= setTimeout(flush, TOGETHER_MS + Math.random() * SPREAD_MS);
    }
  };
}
