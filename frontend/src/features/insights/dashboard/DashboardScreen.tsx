import { PrinterOutlined } from "@ant-design/icons";
import { Button } from "antd";
import dynamic from "next/dynamic";
import { formatDateTime } from "@/shared/dates";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { ErrorState } from "@/shared/ui/ErrorState";
import { Page } from "@/shared/ui/Page";
import { useUrlState } from "@/shared/url-state";
import styles from "../Insights.module.css";
import { periodView, rangeText, type PeriodView } from "../period";
import { PeriodPicker } from "../PeriodPicker";
import { useDashboard } from "../queries";
import { insightTexts } from "../texts";
import own from "./Dashboard.module.css";
import { DashboardSkeleton, PartsSkeleton } from "./DashboardSkeleton";
import { Summary } from "./Summary";
import { dashboardTexts } from "./texts";

// Charts and tables weigh as much as the rest of the page: the figures do not wait for them.
const DashboardParts = dynamic(() => import("./DashboardParts").then((part) => part.DashboardParts), {
  ssr: false,
  loading: () => <PartsSkeleton />,
});

/** What managers see: one period, every figure beside the one before, each with the way to its cases. */
export default function DashboardScreen() {
  const t = insightTexts.use();
  const printed = dashboardTexts.use().printed;
  const [view, setView] = useUrlState<PeriodView>(periodView);
  const dashboard = useDashboard(view);
  const summary = dashboard.data?.summary;
  const isEmpty = summary?.total_cases === 0 && summary.closed_cases === 0;
  return (
    <Page
      title={t.title}
      actions={
        <Button
          className="no-print"
          icon={<PrinterOutlined />}
          disabled={!dashboard.data}
          onClick={() => {
            window.print();
          }}
        >
          {t.print}
        </Button>
      }
    >
      <div className={styles.head}>
        <PeriodPicker view={view} onChange={setView} />
        <span className={styles.shown} role="status">
          {summary
            ? t.period.shown(
                rangeText(summary.period_start, summary.period_end),
                rangeText(summary.previous_start, summary.previous_end),
              )
            : ""}
        </span>
        <span className={own.printed}>{printed(formatDateTime(dashboard.dataUpdatedAt))}</span>
      </div>
      {dashboard.isPending ? <DashboardSkeleton /> : null}
      {dashboard.isError && !dashboard.data ? (
        <ErrorState error={dashboard.error} onRetry={() => void dashboard.refetch()} />
      ) : null}
      {dashboard.isError && dashboard.data ? <ErrorNote error={dashboard.error} /> : null}
      {dashboard.data ? (
        <div
          className={styles.page}
          data-old={dashboard.isPlaceholderData}
          aria-busy={dashboard.isPlaceholderData}
        >
          <Summary summary={dashboard.data.summary} />
          {isEmpty ? (
            <EmptyState
              title={t.emptyPeriod}
              action={
                <Button
                  onClick={() => {
                    setView({ period: "year", date_from: "", date_to: "" });
                  }}
                >
                  {t.showYear}
                </Button>
              }
            >
              {t.emptyPeriodHint}
            </EmptyState>
          ) : null}
          <DashboardParts data={dashboard.data} isEmpty={isEmpty} />
        </div>
      ) : null}
    </Page>
  );
}
