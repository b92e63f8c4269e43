import { describe, expect, it } from "vitest";
import { neighboursOf } from "./memory";

const memory = { numbers: [111111, 222222, 333333], query: { page: 2, page_size: 3 }, total: 8 };

describe("the cases beside this one", () => {
  it("is the rows above and below", () => {
    expect(neighboursOf(memory, 222222)).toEqual({
      position: 5,
      total: 8,
      previous: { number: 111111 },
      next: { number: 333333 },
    });
  });

  it("goes over the edges of a page", () => {
    expect(neighboursOf(memory, 111111)?.previous).toEqual({ page: 1, edge: "last" });
    expect(neighboursOf(memory, 333333)?.next).toEqual({ page: 3, edge: "first" });
  });

  it("ends where the list ends", () => {
    const first = { ...memory, query: { page: 1, page_size: 3 }, total: 3 };
    expect(neighboursOf(first, 111111)?.previous).toBeNull();
    expect(neighboursOf(first, 333333)?.next).toBeNull();
  });

  it("is unknown for a case opened from elsewhere", () => {
    expect(neighboursOf(memory, 999999)).toBeNull();
  });
});
