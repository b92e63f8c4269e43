import { describe, expect, it } from "vitest";
import { ApiError } from "@/shared/api/problem";
import type { CaseCard } from "@/shared/api/types";
import { conflictWords, hearersOf, hearersOfAssignment, lengthOf } from "./actions";
import { workloadWords } from "./workload-words";

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

describe("who hears that a case changed hands", () => {
  const card = (status: string, responsible: { id: string; full_name: string } | null) =>
    ({ status, author: { id: "a", full_name: "Олена" }, responsible }) as unknown as CaseCard;
  const pavlo = { id: "p", full_name: "Павло" };
  const daryna = { id: "d", full_name: "Дарина" };

  it("is the new one and the one before, the author only when the status changes too", () => {
    expect(hearersOfAssignment(card("IN_PROGRESS", pavlo), daryna, "x")).toEqual(["Дарина", "Павло"]);
    expect(hearersOfAssignment(card("NEW", null), daryna, "x")).toEqual(["Дарина", "Олена (автор)"]);
    expect(hearersOfAssignment(card("IN_PROGRESS", pavlo), null, "x")).toEqual(["Павло", "Олена (автор)"]);
  });

  it("is never the one who does it", () => {
    expect(hearersOfAssignment(card("NEW", null), { ...daryna, id: "me" }, "me")).toEqual(["Олена (автор)"]);
  });
});

it("says how full a desk is, without zeroes that say nothing", () => {
  expect(workloadWords({ open: 7, stale: 2, overdue: 1, averageSeconds: 2 * 86_400 })).toBe(
    "у роботі 7 · без руху 2 · у середньому 2\u00a0дн",
  );
  expect(workloadWords({ open: 0, stale: 0, overdue: 0, averageSeconds: null })).toBe("у роботі 0");
});

it("counts characters as people see them", () => {
  expect(lengthOf(" привіт😀 ")).toBe(7);
});
