import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createApply } from "./apply";
import { unreadCount } from "./state";

let asked: string[];
let client: QueryClient;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  client = new QueryClient();
  vi.spyOn(client, "invalidateQueries").mockImplementation((filters) => {
    asked.push((filters?.queryKey ?? []).join("/"));
    return Promise.resolve();
  });
});
afterEach(() => {
  vi.useRealTimers();
  unreadCount.set(null);
});

const event = (name: string, data: unknown) => ({ event: name, data: JSON.stringify(data) });

describe("createApply", () => {
  it("asks for a burst of changed cases once, each card and the lists", () => {
    const apply = createApply(client, () => undefined);
    for (const public_id of [100001, 100002, 100001]) apply(event("case", { id: "x", public_id }));
    expect(asked).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(asked).toEqual(["cases/card/100001", "cases/card/100002", "cases/list"]);
  });

  it("catches up after coming back, and not on the first greeting", () => {
    const apply = createApply(client, () => undefined);
    apply(event("hello", { unread: 4 }));
    expect(unreadCount.get()).toBe(4);
    expect(asked).toEqual([]);
    apply(event("hello", { unread: 6 }));
    expect(unreadCount.get()).toBe(6);
    expect(asked).toEqual(["cases", "notifications"]);
  });

  it("looks again at everything when something may have been missed", () => {
    createApply(client, () => undefined)(event("resync", {}));
    expect(asked).toEqual(["cases", "notifications"]);
  });

  it("hands a new notification on and survives nonsense", () => {
    const heard: unknown[] = [];
    const apply = createApply(client, (notice) => heard.push(notice));
    apply(event("notification", { id: "n" }));
    apply({ event: "counters", data: "{" });
    apply({ event: "unheard of", data: "1" });
    expect(heard).toEqual([{ id: "n" }]);
    expect(unreadCount.get()).toBeNull();
  });
});
