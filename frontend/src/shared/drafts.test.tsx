import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { clearDraftsOf, clearOldDrafts, hasDrafts, readDraft, useDraft, writeDraft } from "./drafts";

const isEmpty = (value: string): boolean => value.trim() === "";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-22T10:03:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("useDraft", () => {
  it("keeps the text half a second after the last letter and says when", () => {
    const { result } = renderHook(() => useDraft("anna", "comment", isEmpty));
    act(() => {
      result.current.keep("Мама про");
      vi.advanceTimersByTime(300);
      result.current.keep("Мама просить");
      vi.advanceTimersByTime(300);
    });
    expect(readDraft("anna", "comment")).toBeNull();
    act(() => {
      vi.advanceTimersByTime(200);
    });
    expect(readDraft("anna", "comment")?.value).toBe("Мама просить");
    expect(result.current.savedAt).toBe(Date.now());
  });

  it("writes the last words down when the page is left in a hurry", () => {
    const { result, unmount } = renderHook(() => useDraft("anna", "leaving", isEmpty));
    act(() => {
      result.current.keep("недописане");
    });
    unmount();
    expect(readDraft("anna", "leaving")?.value).toBe("недописане");
  });

  it("gives the draft back to the same person only", () => {
    writeDraft("anna", "comment", "моє");
    expect(renderHook(() => useDraft<string>("anna", "comment", isEmpty)).result.current.found?.value).toBe(
      "моє",
    );
    expect(renderHook(() => useDraft<string>("boris", "comment", isEmpty)).result.current.found).toBeNull();
  });

  it("forgets after success, also what was about to be written", () => {
    const { result, unmount } = renderHook(() => useDraft("anna", "sent", isEmpty));
    act(() => {
      result.current.keep("надіслано");
      result.current.clear();
    });
    unmount();
    expect(readDraft("anna", "sent")).toBeNull();
  });

  it("does not keep emptiness", () => {
    writeDraft("anna", "comment", "було");
    const { result } = renderHook(() => useDraft("anna", "comment", isEmpty));
    act(() => {
      result.current.keep("   ");
      vi.advanceTimersByTime(500);
    });
    expect(readDraft("anna", "comment")).toBeNull();
    expect(result.current.savedAt).toBeNull();
  });
});

describe("clearDraftsOf", () => {
  it("leaves nothing of the person who signs out, and everything of others", () => {
    writeDraft("olha", "comment", "a");
    writeDraft("petro", "comment", "b");
    const { result, unmount } = renderHook(() => useDraft("olha", "case", isEmpty));
    act(() => {
      result.current.keep("ще не записане");
    });
    clearDraftsOf("olha");
    unmount();
    expect(readDraft("olha", "comment")).toBeNull();
    expect(readDraft("olha", "case")).toBeNull();
    expect(readDraft("petro", "comment")?.value).toBe("b");
  });

  it("survives storage that cannot be read", () => {
    localStorage.setItem("ohmatdyt.draft.anna.comment", "{not json");
    expect(readDraft("anna", "comment")).toBeNull();
  });
});

describe("drafts of a session that ended by itself", () => {
  const DAY = 24 * 60 * 60 * 1000;

  it("wait a week for their owner, then anybody's page removes them", () => {
    writeDraft("vira", "comment", "про дитину");
    writeDraft("petro", "old", "давнє");
    vi.setSystemTime(Date.now() + 4 * DAY);
    writeDraft("petro", "new", "нове");
    expect(clearOldDrafts(Date.now())).toEqual([]);
    expect([hasDrafts("vira"), hasDrafts("petro"), hasDrafts("nobody")]).toEqual([true, true, false]);
    expect(clearOldDrafts(Date.now() + 4 * DAY)).toContain("vira");
    expect([hasDrafts("vira"), readDraft("petro", "old"), readDraft<string>("petro", "new")?.value]).toEqual([
      false,
      null,
      "нове",
    ]);
  });

  it("go at once when a clock that ran ahead wrote them", () => {
    writeDraft("iryna", "comment", "з майбутнього");
    expect(clearOldDrafts(Date.now() - 30 * DAY)).toContain("iryna");
    expect(hasDrafts("iryna")).toBe(false);
  });
});
