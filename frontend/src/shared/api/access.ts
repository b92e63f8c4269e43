import { createStore } from "../store";

export interface Access {
  token: string;
  /** Milliseconds since the epoch, by this computer's clock. */
  expiresAt: number;
}

/**
 * - `unknown`: just opened, nobody asked the server yet
 * - `open`: signed in
 * - `expired`: was signed in on this page; a dialog over the page asks to sign in again
 * - `closed`: nobody is signed in
 */
export type SessionState = "unknown" | "open" | "expired" | "closed";

type Message = { kind: "access"; access: Access; userId: string | null } | { kind: "closed" };

/** The token lives here and nowhere else: not in storage, where another script could read it. */
let access: Access | null = null;
let userId: string | null = null;

export const sessionState = createStore<SessionState>("unknown");

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("ohmatdyt.session");

export const currentAccess = (): Access | null => access;
export const currentUserId = (): string | null => userId;

const HINT = "ohmatdyt.signed-in";

/** Whether somebody signed in on this browser before; saves asking for a session on the very first visit. */
export function mayHaveSession(): boolean {
  try {
    return localStorage.getItem(HINT) !== null;
  } catch {
    return true;
  }
}

function rememberHint(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(HINT, "1");
    else localStorage.removeItem(HINT);
  } catch {
    // Without storage each visit asks the server once.
  }
}

export function accessFrom(answer: { access_token: string; expires_in: number }): Access {
  return { token: answer.access_token, expiresAt: Date.now() + answer.expires_in * 1000 };
}

/** Takes a fresh token into use in this tab and shares it with the others. */
export function openSession(next: Access, user: string | null = userId): void {
  access = next;
  userId = user;
  rememberHint(true);
  sessionState.set("open");
  channel?.postMessage({ kind: "access", access: next, userId: user } satisfies Message);
}

export function rememberUser(id: string): void {
  userId = id;
}

/** The server does not know us any more. The page stays; a dialog over it asks to sign in. */
export function sessionExpired(): void {
  access = null;
  rememberHint(false);
  sessionState.set(userId === null ? "closed" : "expired");
}

/** Signed out on purpose: the other tabs of this browser close as well. */
export function closeSession(): void {
  access = null;
  userId = null;
  rememberHint(false);
  sessionState.set("closed");
  channel?.postMessage({ kind: "closed" } satisfies Message);
}

function onMessage(message: Message): void {
  if (message.kind === "closed") {
    if (sessionState.get() === "open") sessionExpired();
    return;
  }
  // Somebody else signed in in another tab: this page shows the wrong person's data. Start over.
  if (userId !== null && message.userId !== null && message.userId !== userId) {
    window.location.reload();
    return;
  }
  access = message.access;
  sessionState.set("open");
}

if (channel) {
  channel.onmessage = (event: MessageEvent<Message>) => {
    onMessage(event.data);
  };
}
