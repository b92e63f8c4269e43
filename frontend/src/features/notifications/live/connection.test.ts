import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { listen, pauseBefore, type Answer } from "./connection";
import type { StreamEvent } from "./parse";

const text = new TextEncoder();

function stream(): { answer: Answer; say: (words: string) => void; close: () => void; fail: () => void } {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
  });
  return {
    answer: { status: 200, retryAfter: null, body },
    say: (words) => controller.enqueue(text.encode(words)),
    close: () => controller.close(),
    fail: () => controller.error(new Error("broken off")),
  };
}

const refused = (status: number, retryAfter: number | null = null): Answer => ({
  status,
  retryAfter,
  body: null,
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function start(answers: (() => Promise<Answer>)[]) {
  const events: StreamEvent[] = [];
  const states: boolean[] = [];
  const stop = new AbortController();
  let opened = 0;
  const ended = vi.fn();
  void listen(
    {
      open: () => {
        const next = answers[Math.min(opened, answers.length - 1)]!;
        opened += 1;
        return next();
      },
      onEvent: (event) => events.push(event),
      onState: (isOpen) => states.push(isOpen),
      random: () => 1,
    },
    stop.signal,
  ).then(ended);
  return { events, states, stop, ended, opened: () => opened };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe("listen", () => {
  it("comes back by itself after the stream breaks, and hears what comes then", async () => {
    const first = stream();
    const second = stream();
    const run = start([async () => first.answer, async () => second.answer]);
    await settle();
    first.say("event: hello\ndata: 1\n\n");
    await settle();
    first.fail();
    await settle();
    expect(run.states).toEqual([true, false]);
    await vi.advanceTimersByTimeAsync(1000);
    second.say("event: hello\ndata: 2\n\n");
    await settle();
    expect(run.events.map(({ data }) => data)).toEqual(["1", "2"]);
    expect(run.states).toEqual([true, false, true]);
  });

  it("waits longer after each failure, and only a little after a good connection", async () => {
    const good = stream();
    const bad = () => Promise.reject(new Error("no network"));
    const run = start([bad, bad, bad, async () => good.answer, bad]);
    await vi.advanceTimersByTimeAsync(999);
    expect(run.opened()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(run.opened()).toBe(2);
    await vi.advanceTimersByTimeAsync(1999);
    expect(run.opened()).toBe(2);
    await vi.advanceTimersByTimeAsync(1 + 4000);
    expect(run.opened()).toBe(4);
    good.close();
    await vi.advanceTimersByTimeAsync(1000);
    expect(run.opened()).toBe(5);
  });

  it("does as long as the server asks: retry of the stream, Retry-After of a refusal", async () => {
    const run = start([async () => refused(429, 30)]);
    await vi.advanceTimersByTimeAsync(29_999);
    expect(run.opened()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(run.opened()).toBe(2);
  });

  it.each([401, 403])("asks no more when the answer is %d", async (status) => {
    const run = start([async () => refused(status)]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(run.opened()).toBe(1);
    expect(run.ended).toHaveBeenCalled();
  });

  it("takes a line that says nothing, not even heartbeats, for dead", async () => {
    const silent = stream();
    const next = stream();
    const run = start([async () => silent.answer, async () => next.answer]);
    await vi.advanceTimersByTimeAsync(50_000);
    silent.say(": still here\n\n");
    await vi.advanceTimersByTimeAsync(50_000);
    expect(run.opened()).toBe(1);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(run.opened()).toBe(2);
  });

  it("does not wait out the pause when the network comes back", async () => {
    const run = start([() => Promise.reject(new Error("no network"))]);
    await settle();
    window.dispatchEvent(new Event("online"));
    await settle();
    expect(run.opened()).toBe(2);
  });

  it("ends at once when told to", async () => {
    const open = stream();
    const run = start([async () => open.answer]);
    await settle();
    run.stop.abort();
    await settle();
    expect(run.ended).toHaveBeenCalled();
    expect(run.opened()).toBe(1);
  });
});

describe("pauseBefore", () => {
  it("never exceeds half a minute and never falls below half of what is asked", () => {
    expect(pauseBefore(20, 3000, 1)).toBe(30_000);
    expect(pauseBefore(0, 3000, 0)).toBe(1500);
  });
});
