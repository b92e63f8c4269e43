import { describe, expect, it } from "vitest";
import { LIST_SCHEMA, toQuery, type ListState } from "@/features/cases/list/filters";
import { readState } from "@/shared/url-state";
import { changeOf, durationText, percentText, pointsOf } from "./compare";
import { casesHref, closedHref, previousHref, registeredHref } from "./links";
import { isDay, queryOf, rangeText } from "./period";

const NB = "\u00a0";

describe("the period in the address", () => {
  it.each([
    [{ period: undefined, date_from: "", date_to: "" }, { period: "month" }],
    [{ period: "week" as const, date_from: "", date_to: "" }, { period: "week" }],
    [
      { period: undefined, date_from: "2026-11-01", date_to: "2026-11-22" },
      { date_from: "2026-11-01", date_to: "2026-11-22" },
    ],
    [{ period: undefined, date_from: "2026-11-22", date_to: "2026-11-01" }, { period: "month" }],
    [{ period: "year" as const, date_from: "2026-02-30", date_to: "2026-03-01" }, { period: "year" }],
    [{ period: undefined, date_from: "2026-11-01", date_to: "" }, { period: "month" }],
  ])("asks for what %j means", (view, query) => {
    expect(queryOf(view)).toEqual(query);
  });

  it("knows days that exist", () => {
    expect(["2024-02-29", "2026-02-29", "2026-1-1", "yesterday", ""].map(isDay)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it("says days as shortly as they are clear", () => {
    expect(rangeText("2026-11-22", "2026-11-22")).toBe("22.11.2026");
    expect(rangeText("2026-11-01", "2026-11-22")).toBe("01–22.11.2026");
    expect(rangeText("2026-10-28", "2026-11-22")).toBe("28.10–22.11.2026");
    expect(rangeText("2025-12-30", "2026-01-02")).toBe("30.12.2025–02.01.2026");
  });
});

describe("changeOf", () => {
  it.each([
    [10, 10, "same", "без змін"],
    [0, 0, "same", "без змін"],
    [5, 0, "none", `було${NB}0`],
    [0, 5, "down", `−100${NB}%`],
    [125, 100, "up", `+25${NB}%`],
    [92, 100, "down", `−8${NB}%`],
    [1001, 1000, "up", `+<1${NB}%`],
    [167, 33, "up", `у 5${NB}разів більше`],
    [84, 4, "up", `у 21${NB}раз більше`],
  ])("%d after %d: %s, %s", (now, before, direction, words) => {
    expect(changeOf(now, before)).toMatchObject({ direction, words });
  });
});

describe("shares and times", () => {
  it("never rounds a share up to a goal that is not reached", () => {
    expect(percentText(0.8999)).toBe(`89,9${NB}%`);
    expect(percentText(0.9)).toBe(`90${NB}%`);
    expect(percentText(0.29)).toBe(`29${NB}%`);
    expect(percentText(null)).toBe("—");
  });

  it("compares shares in percentage points", () => {
    expect(pointsOf(0.9, 0.783)?.words).toBe(`+11,7${NB}в.${NB}п.`);
    expect(pointsOf(0.5, 0.5)?.direction).toBe("same");
    expect(pointsOf(null, 0.5)).toBeNull();
  });

  it.each([
    [null, "—"],
    [0, `0${NB}с`],
    [59, `59${NB}с`],
    [60, `1${NB}хв`],
    [3661, `1${NB}год${NB}1${NB}хв`],
    [86_400, `1${NB}дн`],
    [86_400 * 2 + 4 * 3600 + 59 * 60, `2${NB}дн${NB}4${NB}год`],
    [86_400 + 120, `1${NB}дн`],
  ])("%s seconds: %s", (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });
});

describe("the way from a figure to its cases", () => {
  const asked = (href: string) => {
    const params = new URL(href, "https://desk.example").searchParams;
    const raw = Object.fromEntries([...new Set(params.keys())].map((name) => [name, params.getAll(name)]));
    return toQuery(readState<ListState>(LIST_SCHEMA, raw));
  };

  it("is read by the list exactly as it was meant", () => {
    const days = { period_start: "2026-11-01", period_end: "2026-11-22" };
    expect(asked(registeredHref(days, { status: ["NEW", "DONE"], category_id: "c" }))).toMatchObject({
      date_from: "2026-11-01",
      date_to: "2026-11-22",
      status: ["NEW", "DONE"],
      category_id: "c",
    });
    expect(asked(casesHref({ responsible_id: ["a"], stale: true }))).toMatchObject({
      responsible_id: ["a"],
      stale: true,
    });
    expect(asked(closedHref(days, { status: ["DONE"], responsible_id: ["a"] }))).toMatchObject({
      closed_from: "2026-11-01",
      closed_to: "2026-11-22",
      status: ["DONE"],
      responsible_id: ["a"],
    });
    expect(asked(casesHref({ overdue: true, scope: "category" }))).toMatchObject({
      overdue: true,
      scope: "category",
    });
  });

  it("leads to the days before for the figure before", () => {
    const days = { previous_start: "2026-10-01", previous_end: "2026-10-22" };
    expect(previousHref(days)).toBe("/cases?date_from=2026-10-01&date_to=2026-10-22");
  });

  it("adds nothing that was not asked for", () => {
    expect(casesHref({})).toBe("/cases");
  });
});
