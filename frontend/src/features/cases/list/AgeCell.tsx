import { FieldTimeOutlined, WarningFilled } from "@ant-design/icons";
import type { CaseRow } from "@/shared/api/types";
import { formatAge, formatDateTime } from "@/shared/dates";
import { useLocale } from "@/shared/preferences";
import { useNow } from "@/shared/use-now";
import styles from "./CaseTable.module.css";
import { listTexts } from "./texts";

/** How old a case is, and in words when it waits too long. */
export function AgeCell({ row }: { row: CaseRow }) {
  const t = listTexts.use();
  const now = useNow();
  const locale = useLocale();
  const age = formatAge(row.created_at, now, locale);
  if (row.is_overdue)
    return (
      <time dateTime={row.created_at} title={formatDateTime(row.created_at)} className={styles.overdue}>
        <span className="nowrap">
          <WarningFilled aria-hidden /> {age}
        </span>{" "}
        <span>{t.unanswered}</span>
      </time>
    );
  return (
    <>
      <time dateTime={row.created_at} title={formatDateTime(row.created_at)} className="nowrap">
        {age}
      </time>
      {row.is_stale ? (
        <span className={styles.stale} title={t.staleAge(formatAge(row.last_status_change_at, now, locale))}>
          <FieldTimeOutlined aria-hidden /> {t.noProgress}
        </span>
      ) : null}
    </>
  );
}
