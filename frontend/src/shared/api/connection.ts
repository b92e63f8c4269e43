import { createStore, useStore } from "../store";

export type Connection = "online" | "offline";

const PROBE_EVERY_MS = 5_000;
const store = createStore<Connection>("online");
let probe: number | null = null;

export const useConnection = (): Connection => useStore(store);

function stopProbing(): void {
  if (probe !== null) window.clearInterval(probe);
  probe = null;
}

async function check(): Promise<void> {
  try {
    await fetch("/healthz", { cache: "no-store" });
    reportReachable();
  } catch {
    // Still out of reach; the next tick asks again.
  }
}

/** Any answer at all means the connection is back. */
export function reportReachable(): void {
  stopProbing();
  store.set("online");
}

/** A call got no answer: say so, and ask until the server is back. */
export function reportUnreachable(): void {
  store.set("offline");
  probe ??= window.setInterval(() => void check(), PROBE_EVERY_MS);
}

if (typeof window !== "undefined") {
  window.addEventListener("offline", reportUnreachable);
  window.addEventListener("online", () => void check());
}
