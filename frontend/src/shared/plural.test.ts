import { describe, expect, it } from "vitest";
import { counted, formatNumber } from "./plural";

describe("counted", () => {
  it.each([
    [0, "0 звернень"],
    [1, "1 звернення"],
    [2, "2 звернення"],
    [4, "4 звернення"],
    [5, "5 звернень"],
    [11, "11 звернень"],
    [12, "12 звернень"],
    [21, "21 звернення"],
    [22, "22 звернення"],
    [111, "111 звернень"],
    [101, "101 звернення"],
  ])("%i is «%s»", (count, words) => {
    expect(counted(count, "cases", "uk")).toBe(words.replace(" ", "\u00a0"));
  });

  it("knows день, дні, днів", () => {
    expect([1, 3, 7, 21].map((days) => counted(days, "days", "uk"))).toEqual([
      "1\u00a0день",
      "3\u00a0дні",
      "7\u00a0днів",
      "21\u00a0день",
    ]);
  });

  it("speaks English too", () => {
    expect(counted(1, "cases", "en")).toBe("1\u00a0case");
    expect(counted(2, "cases", "en")).toBe("2\u00a0cases");
  });
});

describe("formatNumber", () => {
  it("groups with no-break spaces, so a number never breaks at the end of a line", () => {
    expect(formatNumber(1234567, "uk")).toBe("1\u00a0234\u00a0567");
  });
});
