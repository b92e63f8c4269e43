import { ArrowDownOutlined, ArrowUpOutlined } from "@ant-design/icons";
import { cellClass, type Column } from "./columns";
import styles from "./DataTable.module.css";
import { directionOf } from "./order";

interface Props<Row> {
  column: Column<Row>;
  order: string;
  onSort: () => void;
}

/** A column's name; where it may be sorted by, a button that says so. */
export function Heading<Row>({ column, order, onSort }: Props<Row>) {
  const direction = column.sort ? directionOf(order, column.key) : null;
  return (
    <th
      scope="col"
      className={cellClass(column)}
      style={column.width ? { width: column.width } : undefined}
      aria-sort={direction ?? undefined}
    >
      {column.sort ? (
        <button type="button" className={styles.sort} onClick={onSort}>
          {column.title}
          {direction === "ascending" ? <ArrowUpOutlined aria-hidden /> : null}
          {direction === "descending" ? <ArrowDownOutlined aria-hidden /> : null}
        </button>
      ) : (
        column.title
      )}
    </th>
  );
}
