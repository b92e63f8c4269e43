import { expect, it } from "vitest";
import { isoDate } from "./iso-date";

it("reads days as people here write them", () => {
  expect(isoDate("22.11.2026")).toBe("2026-11-22");
  expect(isoDate(" 1.2.26 ")).toBe("2026-02-01");
  expect(isoDate("29/02/2028")).toBe("2028-02-29");
});

it("refuses what is no day", () => {
  for (const text of ["31.11.2026", "29.02.2026", "2026-11-22", "22.11", "0.1.2026", "завтра"])
    expect(isoDate(text)).toBeNull();
});
