import { createParser, type StreamEvent } from "./parse";

export interface Answer {
  status: number;
  /** Seconds from `Retry-After`. */
  retryAfter: number | null;
  body: ReadableStream<Uint8Array> | null;
}

export interface Wiring {
  /** Opens the stream with the person's token; rejects when there is no connection. */
  open: (signal: AbortSignal) => Promise<Answer>;
  onEvent: (event: StreamEvent) => void;
  /** True while the stream is open. */
  onState?: (isOpen: boolean) => void;
  /** From 0 to 1; tests make it certain. */
  random?: () => number;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** The server says something at least every 25 s; a line that is silent longer is dead without knowing it. */
const SILENCE_MS = 60_000;

/** How long to wait before the next try: doubling, up to half a minute, spread so that windows do not come at once. */
export function pauseBefore(tries: number, base: number, random: number): number {
  const whole = Math.min(LONGEST_PAUSE_MS, base * 2 ** Math.min(tries, 10));
  return Math.round(whole * (0.5 + random / 2));
}

function rest(ms: number, signal: AbortSignal, wake: EventTarget): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      wake.removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    wake.addEventListener("online", done);
  });
}

/** Reads until the stream ends. Rejects when it breaks or falls silent. */
async function read(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  onEvent: (event: StreamEvent) => void,
): Promise<number | null> {
  const parser = createParser(onEvent);
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const stop = (): void => void reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", stop);
  let silence = setTimeout(stop, SILENCE_MS);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return parser.retry();
      clearTimeout(silence);
      silence = setTimeout(stop, SILENCE_MS);
      parser.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    clearTimeout(silence);
    signal.removeEventListener("abort", stop);
  }
}

/**
 * Keeps one stream open until `signal` says stop: comes back by itself after every break, sooner when the network
 * returns. Ends for good when the server says that this person may not listen (401, 403).
 */
export async function listen({ open, onEvent, onState, random = Math.random }: Wiring, signal: AbortSignal) {
  let tries = 0;
  let base = FIRST_PAUSE_MS;
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    let asked: number | null = null;
    try {
      const answer = await open(signal);
      if (answer.status === 401 || answer.status === 403) return;
      if (answer.status === 200 && answer.body) {
        tries = 0;
        onState?.(true);
        const retry = await read(answer.body, signal, onEvent);
        base = retry ?? base;
      } else {
        asked = answer.retryAfter;
      }
    } catch {
      // No connection, or it broke off: the pause below, and again.
    }
    onState?.(false);
    if (isOver()) return;
    await rest(Math.max((asked ?? 0) * 1000, pauseBefore(tries, base, random())), signal, globalThis.window);
    tries += 1;
  }
}
