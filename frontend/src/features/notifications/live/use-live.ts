import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { fetchAsPerson } from "@/shared/api/client";
import { retryAfterSeconds } from "@/shared/api/problem";
import { useMe, useSessionState } from "@/shared/session/session";
import type { Notice } from "../queries";
import { inOneTab, type Shared } from "./alone";
import { createApply } from "./apply";
import { listen, type Answer } from "./connection";
import { isLive, unreadCount } from "./state";

async function open(signal: AbortSignal): Promise<Answer> {
  // The token goes in the header: an address ends up in logs and histories.
  const request = new Request(new URL("/api/events", window.location.origin), {
    headers: { Accept: "text/event-stream" },
    cache: "no-store",
    signal,
  });
  const { status, headers, body } = await fetchAsPerson(request);
  return { status, body, retryAfter: retryAfterSeconds(headers.get("Retry-After")) };
}

/** Keeps this window up to date for as long as somebody is signed in. Mounted once, in the frame. */
export function useLive(onNotice: (notice: Notice) => void): void {
  const client = useQueryClient();
  const me = useMe();
  const isSignedIn = useSessionState() === "open";
  const tell = useRef(onNotice);
  useEffect(() => {
    tell.current = onNotice;
  });

  useEffect(() => {
    if (!isSignedIn) return;
    const apply = createApply(client, (notice) => tell.current(notice));
    const hear = (message: Shared): void => {
      if (message.kind === "event") apply(message.event);
      else if (message.kind === "state") isLive.set(message.isOpen);
    };
    return inOneTab(
      me.id,
      (share, signal, asked) => {
        let isOpen = false;
        // A tab opened later missed the greeting: tell it where things stand.
        asked(() => {
          share({ kind: "state", isOpen });
          const unread = unreadCount.get();
          if (unread !== null)
            share({ kind: "event", event: { event: "counters", data: JSON.stringify({ unread }) } });
        });
        return listen(
          {
            open,
            onEvent: (event) => share({ kind: "event", event }),
            onState: (next) => {
              isOpen = next;
              share({ kind: "state", isOpen });
            },
          },
          signal,
        );
      },
      hear,
    );
  }, [client, me.id, isSignedIn]);
}
