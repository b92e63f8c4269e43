import Link from "next/link";
import { memo, type ReactNode } from "react";
import type { CaseRow } from "@/shared/api/types";
import { PhoneText } from "./PhoneText";
import { StatusPill } from "@/shared/ui/StatusPill";
import { uiTexts } from "@/shared/ui/texts";
import { AgeCell } from "./AgeCell";
import styles from "./CaseTable.module.css";
import type { Column } from "./columns";
import type { Filters } from "./filters";
import { Found, FoundElsewhere } from "./Found";
import { listTexts } from "./texts";

interface Props {
  row: CaseRow;
  columns: readonly Column[];
  mark: "changed" | "fresh" | null;
  onFilter: (change: Partial<Filters>) => void;
  onOpen: (row: CaseRow) => void;
}

/** A value that narrows the list to its like. Lies above the row's link. */
function Value({ label, onPick, children }: { label: string; onPick: () => void; children: ReactNode }) {
  const t = listTexts.use();
  return (
    <button type="button" className={styles.value} title={t.only(label)} onClick={onPick}>
      {children}
    </button>
  );
}

export const CaseTableRow = memo(function CaseTableRow({ row, columns, mark, onFilter, onOpen }: Props) {
  const t = listTexts.use();
  const statuses = uiTexts.use().statuses;
  const cells: Record<Column, ReactNode> = {
    number: (
      <>
        <Link
          href={`/cases/${row.public_id.toString()}`}
          className={styles.link}
          data-case={row.public_id}
          prefetch={false}
          aria-label={t.open(row.public_id.toString())}
          onClick={() => {
            onOpen(row);
          }}
        >
          {row.public_id}
        </Link>
        {mark ? <span className={styles.mark}>{mark === "changed" ? t.changed : t.fresh}</span> : null}
      </>
    ),
    applicant: (
      <>
        <Value
          label={row.applicant_name}
          onPick={() => {
            onFilter({ applicant_name: row.applicant_name });
          }}
        >
          <Found row={row} field="applicant_name" />
        </Value>
        {row.applicant_phone ? <PhoneText phone={row.applicant_phone} /> : null}
      </>
    ),
    summary: (
      <>
        <span className={styles.twoLines}>
          <Found row={row} field="summary" />
        </span>
        <FoundElsewhere row={row} />
        <span className={styles.folded}>
          {columns.includes("category") ? row.category.name : null}
          {columns.includes("category") && columns.includes("channel") ? " · " : null}
          {columns.includes("channel") ? row.channel.name : null}
          {columns.includes("responsible") && row.responsible ? (
            <span className={styles.foldedLast}> · {row.responsible.full_name}</span>
          ) : null}
        </span>
      </>
    ),
    category: (
      <>
        <Value
          label={row.category.name}
          onPick={() => {
            onFilter({ category_id: row.category.id, subcategory: "" });
          }}
        >
          {row.category.name}
        </Value>
        {row.subcategory ? (
          <span className={styles.second}>
            <Value
              label={row.subcategory}
              onPick={() => {
                onFilter({ category_id: row.category.id, subcategory: row.subcategory ?? "" });
              }}
            >
              {row.subcategory}
            </Value>
          </span>
        ) : null}
      </>
    ),
    channel: (
      <Value
        label={row.channel.name}
        onPick={() => {
          onFilter({ channel_id: row.channel.id });
        }}
      >
        {row.channel.name}
      </Value>
    ),
    status: (
      <Value
        label={statuses[row.status]}
        onPick={() => {
          onFilter({ status: [row.status] });
        }}
      >
        <StatusPill status={row.status} />
      </Value>
    ),
    responsible: (
      <Value
        label={row.responsible?.full_name ?? t.unassigned}
        onPick={() => {
          onFilter({ responsible_id: [row.responsible?.id ?? "none"] });
        }}
      >
        {row.responsible ? row.responsible.full_name : <span className="muted">{t.unassigned}</span>}
      </Value>
    ),
    age: <AgeCell row={row} />,
  };
  return (
    <tr className={row.is_overdue ? "row-overdue" : undefined} data-mark={mark ?? undefined}>
      {columns.map((column) => (
        <td key={column} className={styles[column]}>
          {cells[column]}
        </td>
      ))}
    </tr>
  );
});
