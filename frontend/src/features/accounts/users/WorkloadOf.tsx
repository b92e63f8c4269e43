import Link from "next/link";
import type { Workload } from "@/features/cases/api/workload";
import type { User } from "@/shared/api/types";
import { durationText } from "@/shared/durations";
import { counted, formatNumber } from "@/shared/plural";
import { useLocale } from "@/shared/preferences";
import { userTexts } from "./texts";

/** How much somebody has on the desk; leads to exactly these cases. */
export function WorkloadOf({ user, workload }: { user: User; workload: Workload | undefined }) {
  const t = userTexts.use().workload;
  const locale = useLocale();
  if (user.role === "OPERATOR" || (!workload && !user.is_active)) return <span className="muted">—</span>;
  if (!workload) return <span className="muted">{t.nothing}</span>;
  const { open, stale, overdue, averageSeconds } = workload;
  const inWords = counted(open, "cases", locale);
  return (
    <>
      {open > 0 ? (
        <Link
          href={`/cases?responsible_id=${user.id}&status=IN_PROGRESS&status=NEEDS_INFO`}
          prefetch={false}
          aria-label={t.open(inWords, user.full_name)}
        >
          {inWords}
        </Link>
      ) : (
        <span className="muted">{t.nothing}</span>
      )}
      {averageSeconds === null ? null : (
        <div className="muted nowrap" style={{ fontSize: 13 }}>
          {t.average(durationText(averageSeconds))}
        </div>
      )}
      {overdue > 0 || stale > 0 ? (
        <div className="muted nowrap" style={{ fontSize: 13 }}>
          {overdue > 0 ? (
            <span style={{ color: "var(--overdue-fg)" }}>{t.overdue(formatNumber(overdue))}</span>
          ) : null}
          {overdue > 0 && stale > 0 ? " · " : null}
          {stale > 0 ? t.stale(formatNumber(stale)) : null}
        </div>
      ) : null}
    </>
  );
}
