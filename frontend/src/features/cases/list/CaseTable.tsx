import { ArrowDownOutlined, ArrowUpOutlined } from "@ant-design/icons";
import type { CaseRow } from "@/shared/api/types";
import styles from "./CaseTable.module.css";
import { SORT_OF, type Column } from "./columns";
import { CaseTableRow } from "./CaseTableRow";
import { sortDirection, type Filters, type Order, type SortField } from "./filters";
import { listTexts } from "./texts";

interface Props {
  rows: readonly CaseRow[];
  columns: readonly Column[];
  order: Order | undefined;
  /** Best matches of a search first, unless an order is chosen. */
  isRanked: boolean;
  changed: ReadonlySet<string>;
  fresh: ReadonlySet<string>;
  /** The answer shown belongs to the filters before; the new one is on its way. */
  isOld: boolean;
  onSort: (field: SortField) => void;
  onFilter: (change: Partial<Filters>) => void;
  onOpen: (row: CaseRow) => void;
}

export function CaseTable(props: Props) {
  const { rows, columns, order, isRanked, changed, fresh, isOld, onSort, onFilter, onOpen } = props;
  const t = listTexts.use();
  return (
    <table className={styles.table} aria-busy={isOld} data-columns={columns.length}>
      <caption className="visually-hidden">{t.table}</caption>
      <thead>
        <tr>
          {columns.map((column) => {
            const field = SORT_OF[column];
            const direction = field ? sortDirection(order, field, isRanked) : "none";
            return (
              <th
                key={column}
                scope="col"
                className={styles[column]}
                aria-sort={field && direction !== "none" ? direction : undefined}
              >
                {field ? (
                  <button
                    type="button"
                    className={styles.sort}
                    title={t.sortBy(t.columns[column])}
                    onClick={() => {
                      onSort(field);
                    }}
                  >
                    {t.columns[column]}
                    {direction === "ascending" ? <ArrowUpOutlined aria-hidden /> : null}
                    {direction === "descending" ? <ArrowDownOutlined aria-hidden /> : null}
                  </button>
                ) : (
                  t.columns[column]
                )}
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <CaseTableRow
            key={row.id}
            row={row}
            columns={columns}
            mark={changed.has(row.id) ? "changed" : fresh.has(row.id) ? "fresh" : null}
            onFilter={onFilter}
            onOpen={onOpen}
          />
        ))}
      </tbody>
    </table>
  );
}
