import { createStore, useStore } from "@/shared/store";

/** Unread notifications, as the stream last said; null until it has spoken. */
export const unreadCount = createStore<number | null>(null);
/** Whether changes arrive by themselves at this moment. */
export const isLive = createStore(false);

export const useUnreadCount = (): number => useStore(unreadCount) ?? 0;
export const useIsLive = (): boolean => useStore(isLive);
