import Link from "next/link";
import type { CaseRow } from "@/shared/api/types";
import { StatusPill } from "@/shared/ui/StatusPill";
import { AgeCell } from "./AgeCell";
import styles from "./CaseCards.module.css";
import { Found, FoundElsewhere } from "./Found";
import { listTexts } from "./texts";

interface Props {
  rows: readonly CaseRow[];
  isOld: boolean;
  onOpen: (row: CaseRow) => void;
}

/** The list on a phone: to read, one case under another. */
export function CaseCards({ rows, isOld, onOpen }: Props) {
  const t = listTexts.use();
  return (
    <ul className={styles.list} aria-label={t.table} aria-busy={isOld}>
      {rows.map((row) => (
        <li key={row.id} className={styles.card} data-overdue={row.is_overdue}>
          <div className={styles.head}>
            <Link
              href={`/cases/${row.public_id.toString()}`}
              className={styles.link}
              data-case={row.public_id}
              prefetch={false}
              onClick={() => {
                onOpen(row);
              }}
            >
              {row.public_id}
            </Link>
            <StatusPill status={row.status} />
          </div>
          <p className={styles.summary}>
            <Found row={row} field="summary" />
          </p>
          <FoundElsewhere row={row} />
          <div className={styles.facts}>
            <span>
              <Found row={row} field="applicant_name" />
            </span>
            <span>{row.category.name}</span>
            <span>{row.responsible?.full_name ?? t.unassigned}</span>
          </div>
          <div className={styles.age}>
            <AgeCell row={row} />
          </div>
        </li>
      ))}
    </ul>
  );
}
