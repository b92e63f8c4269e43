import type { ReactNode } from "react";
import styles from "./DataTable.module.css";

export interface Column<Row> {
  key: string;
  title: ReactNode;
  render: (row: Row) => ReactNode;
  width?: number;
  /** `right`: figures stand under one another; `buttons`: they stand at the end, level with the words of the row. */
  align?: "right" | "buttons";
  /** Left out of a window narrower than this; what it says must be elsewhere too. */
  from?: "tablet" | "desktop";
  /** `server`: the list comes in this order from there. A comparison: the rows that are here are put in order here. */
  sort?: "server" | ((one: Row, other: Row) => number);
}

export function cellClass<Row>({ align, from }: Column<Row>): string {
  return [align ? styles[align] : "", from ? styles[from] : ""].filter(Boolean).join(" ");
}
