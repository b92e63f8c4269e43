import type { StreamEvent } from "./parse";

export type Shared =
  { kind: "event"; event: StreamEvent } | { kind: "state"; isOpen: boolean } | { kind: "ask" };

/**
 * Browsers allow six connections to a server over HTTP/1.1, and a stream holds one for as long as its tab is open.
 * So one tab of this person listens and tells the others; when it closes, the next one takes over. Where the browser
 * has no locks (plain HTTP in the hospital's network) each tab listens by itself.
 */
export function inOneTab(
  userId: string,
  run: (
    tell: (message: Shared) => void,
    signal: AbortSignal,
    asked: (answer: () => void) => void,
  ) => Promise<void>,
  hear: (message: Shared) => void,
): () => void {
  const stop = new AbortController();
  const locks = (navigator as Partial<Navigator>).locks;
  const channel =
    locks && typeof BroadcastChannel !== "undefined" ? new BroadcastChannel(`ohmatdyt.live.${userId}`) : null;
  let answer: (() => void) | null = null;
  if (channel) {
    channel.onmessage = ({ data }: MessageEvent<Shared>) => {
      if (data.kind === "ask") answer?.();
      else hear(data);
    };
    channel.postMessage({ kind: "ask" } satisfies Shared);
  }
  const tell = (message: Shared): void => {
    hear(message);
    if (!stop.signal.aborted) channel?.postMessage(message);
  };
  const lead = (): Promise<void> =>
    run(tell, stop.signal, (given) => {
      answer = given;
    });
  if (locks && channel)
    void locks.request(`ohmatdyt.live.${userId}`, { signal: stop.signal }, lead).catch(() => undefined);
  else void lead();
  return () => {
    stop.abort();
    channel?.close();
  };
}
