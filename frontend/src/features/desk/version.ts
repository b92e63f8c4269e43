import { createStore, useStore } from "@/shared/store";

const EVERY_MS = 5 * 60_000;
/** Coming back to the window asks too, but not at each Alt+Tab. */
const NOT_OFTENER_MS = 30_000;

const isOutdated = createStore(false);
export const useIsOutdated = (): boolean => useStore(isOutdated);

/** The build the server hands out now, or null when it does not say (a restart, no connection, development). */
async function servedBuild(): Promise<string | null> {
  try {
    const answer = await fetch("/version.json", { cache: "no-cache" });
    if (!answer.ok) return null;
    const { build } = (await answer.json()) as { build?: unknown };
    return typeof build === "string" ? build : null;
  } catch {
    return null;
  }
}

let askedAt = 0;
async function ask(): Promise<void> {
  if (isOutdated.get() || Date.now() - askedAt < NOT_OFTENER_MS) return;
  askedAt = Date.now();
  const build = await servedBuild();
  if (build !== null && build !== window.__NEXT_DATA__.buildId) isOutdated.set(true);
}

/** Looks for a newer version while the page is open; returns what stops it. */
export function watchVersion(): () => void {
  const onBack = (): void => {
    if (document.visibilityState === "visible") void ask();
  };
  const timer = window.setInterval(() => void ask(), EVERY_MS);
  document.addEventListener("visibilitychange", onBack);
  window.addEventListener("focus", onBack);
  return () => {
    window.clearInterval(timer);
    document.removeEventListener("visibilitychange", onBack);
    window.removeEventListener("focus", onBack);
  };
}
