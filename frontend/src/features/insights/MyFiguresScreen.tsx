import { ErrorState } from "@/shared/ui/ErrorState";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { Page } from "@/shared/ui/Page";
import { useMe } from "@/shared/session/session";
import { useUrlState } from "@/shared/url-state";
import { Block } from "./Block";
import { ChangeNote } from "./ChangeNote";
import { changeOf, durationText } from "./compare";
import { DashboardSkeleton } from "./dashboard/DashboardSkeleton";
import { dashboardTexts } from "./dashboard/texts";
import { Figure } from "./Figure";
import styles from "./Insights.module.css";
import { casesHref, closedHref, type Days } from "./links";
import { useLimits } from "@/shared/api/limits";
import { counted } from "@/shared/plural";
import { myTexts } from "./my-texts";
import { periodView, rangeText, type PeriodView } from "./period";
import { PeriodPicker } from "./PeriodPicker";
import { useMyFigures, type ExecutorRow } from "./queries";
import { insightTexts } from "./texts";

/** An executor's own work: what is on his desk now, and what he closed in the period. */
export default function MyFiguresScreen() {
  const t = insightTexts.use();
  const [view, setView] = useUrlState<PeriodView>(periodView);
  const mine = useMyFigures(view);
  const { data } = mine;
  return (
    <Page title={t.mine}>
      <div className={styles.head}>
        <PeriodPicker view={view} onChange={setView} />
        <span className={styles.shown} role="status">
          {data
            ? t.period.shown(
                rangeText(data.period_start, data.period_end),
                rangeText(data.previous_start, data.previous_end),
              )
            : ""}
        </span>
      </div>
      {mine.isPending ? <DashboardSkeleton /> : null}
      {mine.isError && !data ? <ErrorState error={mine.error} onRetry={() => void mine.refetch()} /> : null}
      {mine.isError && data ? <ErrorNote error={mine.error} /> : null}
      {data ? <Figures row={data.executor} days={data} /> : null}
    </Page>
  );
}

function Figures({ row, days }: { row: ExecutorRow; days: Days }) {
  const t = myTexts.use();
  const columns = dashboardTexts.use().columns;
  const me = useMe();
  const overdueAfter = counted(useLimits().overdue_after_days, "days");
  const mine = { responsible_id: ["me"], scope: "mine" as const };
  const times = [
    [columns.median, t.define.median, row.median_seconds, row.previous.median_seconds],
    [columns.average, t.define.average, row.average_seconds, row.previous.average_seconds],
  ] as const;
  return (
    <>
      <h2 className={styles.shown} style={{ fontSize: 15 }}>
        {t.now}
      </h2>
      <ul className={styles.figures}>
        <Figure
          name={columns.inProgress}
          value={row.in_progress_now}
          definition={t.define.inProgress}
          href={casesHref({ ...mine, status: ["IN_PROGRESS"] })}
        />
        <Figure
          name={columns.needsInfo}
          value={row.needs_info_now}
          definition={t.define.needsInfo}
          href={casesHref({ ...mine, status: ["NEEDS_INFO"] })}
        />
        <Figure
          name={columns.stale}
          value={row.stale_now}
          definition={t.define.stale(overdueAfter)}
          href={casesHref({ ...mine, stale: true })}
        />
        <Figure
          name={t.overdue}
          value={row.overdue_now}
          definition={t.define.overdue(overdueAfter)}
          href={
            me.role === "EXECUTOR"
              ? casesHref({ scope: "category", overdue: true })
              : casesHref({ overdue: true })
          }
          isUrgent={row.overdue_now > 0}
        />
      </ul>
      <h2 className={styles.shown} style={{ fontSize: 15 }}>
        {t.inPeriod}
      </h2>
      <ul className={styles.figures}>
        <Figure
          name={columns.done}
          value={row.done}
          previous={row.previous.done}
          definition={t.define.done}
          href={closedHref(days, { ...mine, status: ["DONE"] })}
        />
        <Figure
          name={columns.rejected}
          value={row.rejected}
          previous={row.previous.rejected}
          definition={t.define.rejected}
          href={closedHref(days, { ...mine, status: ["REJECTED"] })}
        />
      </ul>
      <div className={styles.grid}>
        {times.map(([name, definition, now, before]) => (
          <Block key={name} title={name} definition={definition} width={6}>
            <span className={styles.value}>{durationText(now)}</span>
            {now !== null && before !== null ? (
              <ChangeNote change={changeOf(now, before)} before={durationText(before)} />
            ) : (
              <span className="muted">
                {now !== null
                  ? t.nothingBefore
                  : before !== null
                    ? t.nothingNow(durationText(before))
                    : t.nothing}
              </span>
            )}
          </Block>
        ))}
      </div>
    </>
  );
}
