import { describe, expect, it } from "vitest";
import { ApiError } from "@/shared/api/problem";
import type { CaseCard } from "@/shared/api/types";
import { conflictWords, hearersOf, lengthOf } from "./actions";

const conflict = (extra: Record<string, unknown>): ApiError =>
  new ApiError({ status: 409, code: "x", detail: "Так не можна.", extra });

describe("a conflict in words", () => {
  it("names who was faster", () => {
    expect(conflictWords(conflict({ winner: { id: "1", full_name: "Мельник Андрій" } }))).toContain(
      "Мельник Андрій",
    );
  });

  it("lists what is possible now by its words", () => {
    expect(conflictWords(conflict({ allowed: ["DONE", "NEEDS_INFO"] }))).toContain(
      "«Завершено», «Потребує уточнення»",
    );
  });

  it("falls back to the server's sentence", () => {
    expect(conflictWords(conflict({ winner: null }))).toBe("Так не можна.");
  });
});

describe("who hears of a public comment", () => {
  const card = {
    author: { id: "a", full_name: "Олена" },
    responsible: { id: "r", full_name: "Павло" },
  } as unknown as CaseCard;

  it("is the author and the responsible, never the writer", () => {
    expect(hearersOf(card, "x")).toEqual(["Олена (автор)", "Павло (відповідальний)"]);
    expect(hearersOf(card, "a")).toEqual(["Павло (відповідальний)"]);
  });

  it("is one person once", () => {
    expect(hearersOf({ ...card, responsible: card.author }, "x")).toEqual(["Олена (автор)"]);
  });
});

it("counts characters as people see them", () => {
  expect(lengthOf(" привіт😀 ")).toBe(7);
});
