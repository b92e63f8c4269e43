import { describe, expect, it } from "vitest";
import { formatPhone, toE164 } from "./phone";

const SHOWN = "+380 67 123 45 67".replaceAll(" ", "\u00a0");

describe("formatPhone", () => {
  it.each([
    "0671234567",
    "+380671234567",
    "380671234567",
    "80671234567",
    "671234567",
    "(067) 123-45-67",
    " 067 123 45 67 ",
  ])("reads %s", (typed) => {
    expect(formatPhone(typed)).toBe(SHOWN);
  });

  it("leaves foreign and strange numbers as they were typed", () => {
    expect(formatPhone("+48 601 234 567")).toBe("+48 601 234 567");
    expect(formatPhone("дод. 12-34")).toBe("дод. 12-34");
  });
});

describe("toE164", () => {
  it("keeps a foreign country code", () => {
    expect(toE164("+48 601 234 567")).toBe("+48601234567");
  });

  it("refuses what has fewer than nine digits", () => {
    expect(toE164("12345678")).toBeNull();
    expect(toE164("")).toBeNull();
  });
});
