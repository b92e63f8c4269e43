import { Fragment, useState, type ReactNode } from "react";
import { cellClass, type Column } from "./columns";
import { Expander } from "./Expander";
import { Heading } from "./Heading";
import styles from "./DataTable.module.css";
import { NoSuchPage } from "./NoSuchPage";
import { Pages, type Paging } from "./Pages";
import { nextOrder, sorted } from "./order";

interface Props<Row> {
  /** What the table is of, for those who do not see it. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** `field` or `-field` of the columns sorted by the server. */
  order?: string;
  onOrder?: (order: string) => void;
  paging?: Paging;
  /** The rows are those before; new ones are on their way. */
  isOld?: boolean;
  /** Narrower than this many pixels, the table is scrolled sideways. */
  minWidth?: number;
  dense?: boolean;
  className?: string | undefined;
  rowClass?: (row: Row) => string;
  details?: Details<Row>;
}

/** What a row tells more when asked. */
export interface Details<Row> {
  title: string;
  label: (row: Row) => string;
  /** Rows that have nothing more to tell get no button. */
  has?: (row: Row) => boolean;
  render: (row: Row) => ReactNode;
}

/** A list in columns. A plain table: antd's weighs as much as a tenth of what a page may. */
export function DataTable<Row>(props: Props<Row>) {
  const { caption, columns, rows, keyOf, paging, minWidth, details } = props;
  const [ownOrder, setOwnOrder] = useState("");
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const order = props.order ?? ownOrder;
  const setOrder = props.onOrder ?? setOwnOrder;
  const shown = props.order === undefined ? sorted(rows, columns, ownOrder) : rows;
  const toggle = (key: string): void => {
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  };
  if (paging && rows.length === 0) return <NoSuchPage onFirst={() => paging.onPage(1)} />;
  return (
    <>
      <div className={styles.scroll}>
        <table
          className={`${styles.table ?? ""} ${props.dense ? (styles.dense ?? "") : ""} ${props.className ?? ""}`}
          aria-busy={props.isOld ?? false}
          style={minWidth ? { minWidth } : undefined}
        >
          <caption className="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {details ? (
                <th scope="col" className={styles.expand}>
                  <span className="visually-hidden">{details.title}</span>
                </th>
              ) : null}
              {columns.map((column) => (
                <Heading
                  key={column.key}
                  column={column}
                  order={order}
                  onSort={() => {
                    setOrder(nextOrder(order, column.key, typeof column.sort === "function"));
                  }}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => {
              const key = keyOf(row);
              const isOpen = open.has(key);
              return (
                <Fragment key={key}>
                  <tr className={props.rowClass?.(row)}>
                    {details ? (
                      <td className={styles.expand}>
                        {(details.has?.(row) ?? true) ? (
                          <Expander
                            isOpen={isOpen}
                            label={details.label(row)}
                            onToggle={() => {
                              toggle(key);
                            }}
                          />
                        ) : null}
                      </td>
                    ) : null}
                    {columns.map((column) => (
                      <td key={column.key} className={cellClass(column)}>
                        {column.render(row)}
                      </td>
                    ))}
                  </tr>
                  {details && isOpen ? (
                    <tr className={styles.details} data-details>
                      <td />
                      <td colSpan={columns.length}>{details.render(row)}</td>
                    </tr>
                  ) : null}
                </Fragment>
              );
            })}
          </tbody>
        </table>
      </div>
      {paging ? <Pages {...paging} /> : null}
    </>
  );
}
