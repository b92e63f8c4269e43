import { describe, expect, it } from "vitest";
import type { CaseRow } from "@/shared/api/types";
import type { Doctor, PatientRow } from "@/features/people/queries";
import { firstChoice, listAddress, optionsFor } from "./options";

const row = (public_id: number): CaseRow => ({ id: `c${public_id.toString()}`, public_id }) as CaseRow;
const places = [
  { name: "Звернення", href: "/cases" },
  { name: "Доставка листів", href: "/delivery" },
];
const found = {
  cases: [row(123456), row(654321)],
  patients: [{ id: "p" } as PatientRow],
  doctors: [{ id: "d" } as Doctor],
};
const hrefs = (words: string, given = found) => optionsFor(words, given, places).map(({ href }) => href);

describe("what the palette offers", () => {
  it("is the places alone before anything is typed", () => {
    expect(hrefs("", {} as typeof found)).toEqual(["/cases", "/delivery"]);
  });

  it("puts the whole search first, then cases, patients, doctors", () => {
    expect(hrefs("коваль")).toEqual([
      "/cases?search=%D0%BA%D0%BE%D0%B2%D0%B0%D0%BB%D1%8C",
      "/cases/123456",
      "/cases/654321",
      "/patients/p",
      "/doctors/d",
    ]);
  });

  it("finds a place by the start of any of its words, in any case", () => {
    expect(hrefs("ЛИСТ").at(-1)).toBe("/delivery");
    expect(hrefs("ставка")).not.toContain("/delivery");
  });

  it("opens a case at once when its whole number was typed, and searches otherwise", () => {
    expect(firstChoice("654321", optionsFor("654321", found, places))).toBe(2);
    expect(firstChoice("65432", optionsFor("65432", found, places))).toBe(0);
    expect(firstChoice("999999", optionsFor("999999", found, places))).toBe(0);
  });

  it("opens the case of a whole number also before the search has answered", () => {
    const early = optionsFor("654321", {}, places, true);
    expect(early[firstChoice("654321", early)]?.href).toBe("/cases/654321");
    expect(optionsFor("654321", found, places, true).filter((one) => "number" in one)).toEqual([]);
    const short = optionsFor("65432", {}, places, true);
    expect(short[firstChoice("65432", short)]?.href).toBe("/cases?search=65432");
    const none = optionsFor("654321", {}, places, false);
    expect(none[firstChoice("654321", none)]?.href).toBe("/cases?search=654321");
  });

  it("keeps signs of the address in the words", () => {
    expect(listAddress("a&b=в")).toBe("/cases?search=a%26b%3D%D0%B2");
    expect(listAddress("")).toBe("/cases");
  });
});
