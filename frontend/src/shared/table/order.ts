import type { Column } from "./columns";

export type Direction = "ascending" | "descending";

export function directionOf(order: string, key: string): Direction | null {
  if (order === key) return "ascending";
  return order === `-${key}` ? "descending" : null;
}

/** The order after a click on a heading: one way, then the other. Figures begin with the greatest. */
export function nextOrder(order: string, key: string, isFigure: boolean): string {
  if (order === key) return `-${key}`;
  if (order === `-${key}`) return key;
  return isFigure ? `-${key}` : key;
}

/** The rows in this order; equal ones, and all of them without an order, as they came. */
export function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  order: string,
): readonly Row[] {
  const column = columns.find(({ key }) => directionOf(order, key) !== null);
  const compare = column?.sort;
  if (!column || typeof compare !== "function") return rows;
  const isUp = directionOf(order, column.key) === "ascending";
  return [...rows].sort((one, other) => (isUp ? compare(one, other) : compare(other, one)));
}

/** Which page numbers to offer: the first, the last, the neighbours; null stands for those left out between. */
export function pageNumbers(page: number, pages: number): (number | null)[] {
  const offered = [...new Set([1, page - 1, page, page + 1, pages])]
    .filter((number) => number >= 1 && number <= pages)
    .sort((one, other) => one - other);
  return offered.flatMap((number, place) => {
    const gap = number - (offered[place - 1] ?? number);
    // One number takes no more room than the dots in its place.
    return gap > 2 ? [null, number] : gap === 2 ? [number - 1, number] : [number];
  });
}
