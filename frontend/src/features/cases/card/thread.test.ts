import { expect, it } from "vitest";
import type { CaseCard } from "@/shared/api/types";
import { threadOf } from "./thread";

const anna = { id: "u1", full_name: "Ганна" };
const at = (minute: number): string => `2026-11-22T10:${minute.toString().padStart(2, "0")}:00Z`;

it("is one stream of events and comments, newest last, each comment once", () => {
  const card = {
    timeline: [
      { id: 1, kind: "created", at: at(0), actor: anna, data: {} },
      { id: 2, kind: "commented", at: at(5), actor: anna, data: { comment_id: "k1" } },
      {
        id: 3,
        kind: "status_changed",
        at: at(9),
        actor: anna,
        data: { from_status: "IN_PROGRESS", to_status: "DONE", comment: "Відповідь надано" },
      },
    ],
    comments: [{ id: "k1", author: anna, text: "Передзвонили", is_internal: false, created_at: at(5) }],
    status_history: [],
  } as unknown as CaseCard;
  const thread = threadOf(card);
  expect(thread.map(({ kind }) => kind)).toEqual(["created", "comment", "status"]);
  expect(thread[2]).toMatchObject({ from: "IN_PROGRESS", to: "DONE", comment: "Відповідь надано" });
});

it("tells of files added at one go once, and of others by themselves", () => {
  const added = (id: number, when: string, actor: object, name: string) => ({
    ...{ id, kind: "file_added", at: when, actor },
    data: { original_name: name },
  });
  const card = {
    timeline: [
      added(1, at(0), anna, "а.pdf"),
      added(2, at(0), anna, "б.pdf"),
      added(3, at(0), { id: "u2", full_name: "Павло" }, "в.pdf"),
      added(4, at(5), { id: "u2", full_name: "Павло" }, "г.pdf"),
    ],
    comments: [],
    status_history: [],
  } as unknown as CaseCard;
  expect(threadOf(card)).toMatchObject([
    { names: ["а.pdf", "б.pdf"] },
    { names: ["в.pdf"] },
    { names: ["г.pdf"] },
  ]);
});

it("tells old and new of an edit, and people of an assignment by name", () => {
  const card = {
    timeline: [
      {
        id: 1,
        kind: "edited",
        at: at(0),
        actor: anna,
        data: { changes: { summary: { old: "а", new: null } } },
      },
      {
        id: 2,
        kind: "assigned",
        at: at(1),
        actor: anna,
        data: { from: null, to: { id: "u2", full_name: "Павло" } },
      },
      { id: 3, kind: "something_new", at: at(2), actor: null, data: {} },
    ],
    comments: [],
    status_history: [],
  } as unknown as CaseCard;
  expect(threadOf(card)).toMatchObject([
    { kind: "edited", changes: [{ field: "summary", before: "а", after: null }] },
    { kind: "assigned", before: null, after: "Павло" },
    { kind: "other" },
  ]);
});
