import { accessFrom, currentAccess, openSession, sessionExpired } from "./access";
import { reportReachable, reportUnreachable } from "./connection";
import { networkError, problemFrom } from "./problem";

const LOCK = "ohmatdyt.refresh";
/** A message from the tab that held the lock before us may still be on its way. */
const MESSAGE_ARRIVES_MS = 30;
const EARLY_MS = 20_000;

let inFlight: Promise<boolean> | null = null;

/** Runs `work` in one tab of this browser at a time, where the browser can do that; tells it whether another was first. */
async function alone<T>(work: (waited: boolean) => Promise<T>): Promise<T> {
  const locks = (navigator as Partial<Navigator>).locks;
  if (!locks) return work(false);
  const atOnce = await locks.request(LOCK, { ifAvailable: true }, async (lock) =>
    lock ? { result: await work(false) } : null,
  );
  return atOnce ? atOnce.result : locks.request(LOCK, () => work(true));
}

async function ask(): Promise<boolean> {
  let response: Response;
  try {
    response = await fetch("/auth/refresh", { method: "POST", credentials: "same-origin" });
  } catch {
    reportUnreachable();
    throw networkError();
  }
  reportReachable();
  if (response.ok) {
    openSession(accessFrom((await response.json()) as { access_token: string; expires_in: number }));
    return true;
  }
  // Only a clear "no" ends the session; an overloaded or restarting server does not sign people out.
  if (response.status === 429 || response.status >= 500)
    throw problemFrom(response.status, response.headers, await response.text());
  sessionExpired();
  return false;
}

/**
 * Gets a new access token for the refresh cookie. All callers of this tab share one request; other tabs
 * wait for it and take its result. `stale` is the token that was refused.
 * True: there is a fresh token. False: the session is over. Throws ApiError when the server cannot say.
 */
export function refreshAccess(stale: string | null): Promise<boolean> {
  inFlight ??= alone(async (waited) => {
    if (waited) await new Promise((resolve) => setTimeout(resolve, MESSAGE_ARRIVES_MS));
    const known = currentAccess();
    if (known && known.token !== stale) return true;
    return ask();
  }).finally(() => {
    inFlight = null;
  });
  return inFlight;
}

/** A token that is good for the next seconds, refreshed ahead of its end; null when nobody is signed in. */
export async function freshToken(): Promise<string | null> {
  const known = currentAccess();
  if (!known) return null;
  if (known.expiresAt - Date.now() > EARLY_MS) return known.token;
  await refreshAccess(known.token);
  return currentAccess()?.token ?? null;
}
