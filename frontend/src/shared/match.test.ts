import { expect, it } from "vitest";
import { bestMatches, matches } from "./match";

const NAMES = [
  "Медична допомога",
  "Сервіс",
  "Фінансові та страхові питання",
  "Комунікація та інформація",
  "Ґрунтовний аналіз",
];
const best = (typed: string): string | undefined => bestMatches(NAMES, typed, (name) => name)[0];

it("finds by the beginning of any word, in any case", () => {
  expect(best("мед")).toBe("Медична допомога");
  expect(best("СТРАХ")).toBe("Фінансові та страхові питання");
  expect(best("фін пит")).toBe("Фінансові та страхові питання");
});

it("forgives one slip, swapped letters, an apostrophe, г for ґ", () => {
  expect(best("севрі")).toBe("Сервіс");
  expect(best("сервс")).toBe("Сервіс");
  expect(best("комуникац")).toBe("Комунікація та інформація");
  expect(best("грунт")).toBe("Ґрунтовний аналіз");
  expect(matches("П’ятий", "пят")).toBe(true);
});

it("understands the wrong layout", () => {
  expect(best("cthd")).toBe("Сервіс");
  expect(best("vtlbx")).toBe("Медична допомога");
});

it("puts the better match first and finds nothing in nonsense", () => {
  expect(bestMatches(["Інше", "Онлайн інше"], "інше", (name) => name)).toEqual(["Інше", "Онлайн інше"]);
  expect(best("жжжж")).toBeUndefined();
});
