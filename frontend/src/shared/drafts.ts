import { useCallback, useEffect, useRef, useState } from "react";

const PREFIX = "ohmatdyt.draft.";

export interface Draft<T> {
  value: T;
  /** When it was kept, milliseconds since the epoch. */
  savedAt: number;
}

const keyOf = (userId: string, name: string): string => `${PREFIX}${userId}.${name}`;

/** What this person typed and did not send, or null. A draft of another person is never returned. */
export function readDraft<T>(userId: string, name: string): Draft<T> | null {
  try {
    const raw = localStorage.getItem(keyOf(userId, name));
    return raw === null ? null : (JSON.parse(raw) as Draft<T>);
  } catch {
    return null;
  }
}

// Set on signing out, so that a screen closing afterwards does not write its text back. Ends with the page.
let closedFor: string | null = null;

export function writeDraft<T>(userId: string, name: string, value: T): Draft<T> | null {
  if (closedFor === userId) return null;
  const draft = { value, savedAt: Date.now() };
  try {
    localStorage.setItem(keyOf(userId, name), JSON.stringify(draft));
    return draft;
  } catch {
    return null;
  }
}

export function clearDraft(userId: string, name: string): void {
  try {
    localStorage.removeItem(keyOf(userId, name));
  } catch {
    // No storage, no draft.
  }
}

/** Whether this person typed something that was not sent. */
export function hasDrafts(userId: string): boolean {
  try {
    return Object.keys(localStorage).some((key) => key.startsWith(`${PREFIX}${userId}.`));
  } catch {
    return false;
  }
}

// As long as a session lives without being used (REFRESH_TOKEN_DAYS): until then its owner may come back for them.
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * A session that ended without signing out leaves its drafts for whoever comes back, and after a week nothing about
 * applicants may lie on a shared computer. Returns whose last draft went.
 */
export function clearOldDrafts(now: number): string[] {
  const gone = new Set<string>();
  try {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) {
      const { savedAt } = JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Draft<unknown>>;
      // One of a clock that ran ahead would never grow old.
      if (savedAt !== undefined && Math.abs(now - savedAt) <= KEPT_MS) continue;
      localStorage.removeItem(key);
      gone.add(key.slice(PREFIX.length).split(".")[0] ?? "");
    }
  } catch {
    // No storage, no drafts.
  }
  return [...gone].filter((user) => !hasDrafts(user));
}

/** Signing out on a shared computer leaves nothing about applicants behind. */
export function clearDraftsOf(userId: string): void {
  closedFor = userId;
  try {
    const mine = Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}${userId}.`));
    for (const key of mine) localStorage.removeItem(key);
  } catch {
    // No storage, no drafts.
  }
}

export interface DraftHandle<T> {
  /** What was found when the screen opened. */
  found: Draft<T> | null;
  /** When the current text was kept last; null while there is nothing to keep. */
  savedAt: number | null;
  /** Call on every change; writes half a second after the last one. */
  keep: (value: T) => void;
  /** Call after success. */
  clear: () => void;
}

/** Keeps typed text through reloads, crashes and expired sessions. `isEmpty` says what is not worth keeping. */
export function useDraft<T>(userId: string, name: string, isEmpty: (value: T) => boolean): DraftHandle<T> {
  const [found] = useState(() => readDraft<T>(userId, name));
  const [savedAt, setSavedAt] = useState(found?.savedAt ?? null);
  const pending = useRef<{ timer: number; write: () => void } | null>(null);

  const keep = useCallback(
    (value: T) => {
      if (pending.current) window.clearTimeout(pending.current.timer);
      const write = (): void => {
        pending.current = null;
        if (isEmpty(value)) {
          clearDraft(userId, name);
          setSavedAt(null);
        } else {
          setSavedAt(writeDraft(userId, name, value)?.savedAt ?? null);
        }
      };
      pending.current = { timer: window.setTimeout(write, 500), write };
    },
    [userId, name, isEmpty],
  );

  const clear = useCallback(() => {
    if (pending.current) window.clearTimeout(pending.current.timer);
    pending.current = null;
    clearDraft(userId, name);
    setSavedAt(null);
  }, [userId, name]);

  // Leaving within the half second must not lose the last words.
  useEffect(() => {
    const flush = (): void => {
      if (!pending.current) return;
      window.clearTimeout(pending.current.timer);
      pending.current.write();
    };
    window.addEventListener("pagehide", flush);
    return () => {
      window.removeEventListener("pagehide", flush);
      flush();
    };
  }, []);

  return { found, savedAt, keep, clear };
}
