import { expect, it } from "vitest";
import type { CaseList, CaseRow } from "@/shared/api/types";
import { absorb, settle } from "./calm-rows";

const row = (id: string, version = 1): CaseRow => ({ id, version }) as unknown as CaseRow;
const list = (...cases: CaseRow[]): CaseList => ({ cases, total: cases.length }) as unknown as CaseList;
const ids = (rows: readonly CaseRow[]): string[] => rows.map(({ id }) => id);

it("updates known rows in place and marks them", () => {
  const before = settle(list(row("a"), row("b")), "k");
  const after = absorb(before, list(row("a"), row("b", 2)), "k");
  expect(ids(after.rows)).toEqual(["a", "b"]);
  expect([...after.changed]).toEqual(["b"]);
  expect(after.moved).toBe(false);
});

it("keeps new rows back until they are asked for", () => {
  const before = settle(list(row("a"), row("b")), "k");
  const after = absorb(before, list(row("new"), row("a")), "k");
  expect(ids(after.rows)).toEqual(["a", "b"]);
  expect(after.newer).toBe(1);
  expect(after.moved).toBe(true);
});

it("notices that the order changed", () => {
  const after = absorb(settle(list(row("a"), row("b")), "k"), list(row("b"), row("a")), "k");
  expect(ids(after.rows)).toEqual(["a", "b"]);
  expect(after).toMatchObject({ newer: 0, moved: true });
});

it("shows another filter as it comes", () => {
  const after = absorb(settle(list(row("a")), "k"), list(row("z")), "other");
  expect(ids(after.rows)).toEqual(["z"]);
  expect(after.moved).toBe(false);
});
