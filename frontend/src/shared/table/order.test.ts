import { describe, expect, it } from "vitest";
import { nextOrder, pageNumbers, sorted } from "./order";

const columns = [
  { key: "name", title: "", render: () => null, sort: "server" as const },
  { key: "n", title: "", render: () => null, sort: (a: { n: number }, b: { n: number }) => a.n - b.n },
];
const rows = [
  { id: "a", n: 2 },
  { id: "b", n: 3 },
  { id: "c", n: 2 },
];
const ids = (order: string) => sorted(rows, columns, order).map(({ id }) => id);

describe("order", () => {
  it("turns round with each click and begins figures with the greatest", () => {
    expect(nextOrder("", "name", false)).toBe("name");
    expect(nextOrder("name", "name", false)).toBe("-name");
    expect(nextOrder("-name", "name", false)).toBe("name");
    expect(nextOrder("-name", "n", true)).toBe("-n");
  });

  it("sorts what it can and leaves equal rows as they came, both ways", () => {
    expect(ids("n")).toEqual(["a", "c", "b"]);
    expect(ids("-n")).toEqual(["b", "a", "c"]);
    expect(ids("")).toEqual(["a", "b", "c"]);
    expect(ids("name")).toEqual(["a", "b", "c"]);
  });
});

describe("page numbers", () => {
  it.each([
    [1, 1, [1]],
    [1, 3, [1, 2, 3]],
    [1, 9, [1, 2, null, 9]],
    [3, 9, [1, 2, 3, 4, null, 9]],
    [5, 9, [1, null, 4, 5, 6, null, 9]],
    [9, 9, [1, null, 8, 9]],
    // A page that is no more: the last one leads back.
    [12, 4, [1, null, 4]],
  ])("of page %i of %i", (page, pages, numbers) => {
    expect(pageNumbers(page, pages)).toEqual(numbers);
  });
});
