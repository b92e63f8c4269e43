import { describe, expect, it } from "vitest";
import { formatAge, formatCountdown, formatDate, formatDateTime, formatRelative } from "./dates";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const ago = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();

describe("formatDateTime", () => {
  it("shows Kyiv time in winter and in summer", () => {
    expect(formatDateTime("2026-11-22T10:03:00Z")).toBe("22.11.2026\u00a012:03");
    expect(formatDateTime("2026-07-01T10:03:00Z")).toBe("01.07.2026\u00a013:03");
  });

  it("goes to the next day at Kyiv's midnight, not at Greenwich's", () => {
    expect(formatDate("2026-11-22T22:30:00Z")).toBe("23.11.2026");
    expect(formatDateTime("2026-11-22T22:00:00Z")).toBe("23.11.2026\u00a000:00");
  });

  it("keeps both sides of the autumn change apart in order", () => {
    expect(formatDateTime("2026-10-25T00:30:00Z")).toBe("25.10.2026\u00a003:30");
    expect(formatDateTime("2026-10-25T01:30:00Z")).toBe("25.10.2026\u00a003:30");
  });

  it("says — when there is no date", () => {
    expect(formatDateTime(null)).toBe("—");
    expect(formatDateTime("nonsense")).toBe("—");
  });
});

describe("formatRelative", () => {
  it.each([
    [0.5, "щойно"],
    [1, "1 хв тому"],
    [59, "59 хв тому"],
    [60, "1 год тому"],
    [23 * 60 + 59, "23 год тому"],
    [24 * 60, "1 день тому"],
    [3 * 24 * 60, "3 дні тому"],
    [5 * 24 * 60, "5 днів тому"],
  ])("%d minutes ago is «%s»", (minutes, words) => {
    expect(formatRelative(ago(minutes), NOW, "uk").replaceAll("\u00a0", " ")).toBe(words);
  });

  it("takes a clock that runs ahead for now", () => {
    expect(formatRelative(ago(-5), NOW, "uk")).toBe("щойно");
    expect(formatAge(ago(-5), NOW, "uk")).toBe("щойно");
  });
});

describe("formatCountdown", () => {
  it("counts minutes and seconds", () => {
    expect([65, 9.2, 0, -3].map(formatCountdown)).toEqual(["1:05", "0:10", "0:00", "0:00"]);
  });
});
