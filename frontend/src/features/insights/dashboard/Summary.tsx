import { WarningFilled } from "@ant-design/icons";
import { CASE_STATUSES } from "@/shared/api/types";
import { uiTexts } from "@/shared/ui/texts";
import { Figure } from "../Figure";
import styles from "../Insights.module.css";
import { casesHref, closedHref, previousHref, registeredHref } from "../links";
import type { Summary as SummaryData } from "../queries";
import { insightTexts } from "../texts";
import { dashboardTexts } from "./texts";

const FIELD = {
  NEW: "new_cases",
  IN_PROGRESS: "in_progress_cases",
  NEEDS_INFO: "needs_info_cases",
  REJECTED: "rejected_cases",
  DONE: "done_cases",
} as const;

/** The figures at the top. */
export function Summary({ summary }: { summary: SummaryData }) {
  const t = insightTexts.use();
  const own = dashboardTexts.use();
  const statuses = uiTexts.use().statuses;
  return (
    <ul className={styles.figures} aria-label={own.summary}>
      <Figure
        name={t.figures.total}
        value={summary.total_cases}
        previous={summary.previous.total_cases}
        definition={t.define.total}
        href={registeredHref(summary)}
        previousHref={previousHref(summary)}
      />
      {CASE_STATUSES.map((status) => (
        <Figure
          key={status}
          name={statuses[status]}
          value={summary[FIELD[status]]}
          previous={summary.previous[FIELD[status]]}
          definition={t.define.status}
          href={registeredHref(summary, { status: [status] })}
          previousHref={previousHref(summary, { status: [status] })}
        />
      ))}
      <Figure
        name={t.figures.closed}
        value={summary.closed_cases}
        previous={summary.previous.closed_cases}
        definition={t.define.closed}
        href={closedHref(summary)}
        previousHref={closedHref({
          period_start: summary.previous_start,
          period_end: summary.previous_end,
        })}
      />
      <Figure
        name={t.figures.overdue}
        icon={summary.overdue_now > 0 ? <WarningFilled aria-hidden /> : undefined}
        value={summary.overdue_now}
        definition={t.define.overdue}
        href={casesHref({ overdue: true })}
        isUrgent={summary.overdue_now > 0}
      />
    </ul>
  );
}
