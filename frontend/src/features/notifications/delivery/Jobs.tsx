import { CheckCircleOutlined, CloseCircleOutlined, WarningOutlined } from "@ant-design/icons";
import { Tooltip } from "antd";
import type { Column } from "@/shared/table/columns";
import { DataTable } from "@/shared/table/DataTable";
import { ErrorState } from "@/shared/ui/ErrorState";
import { Sheet } from "@/shared/ui/Page";
import { RelativeAge } from "@/shared/ui/RelativeAge";
import { ListSkeleton } from "@/shared/ui/skeletons";
import { useJobs, type JobState } from "../queries";
import { deliveryTexts } from "./texts";

const SIZES = { d: 86_400, h: 3600, m: 60, s: 1 };

/** «15 с», «10 хв», «1 год», «7 діб». */
function spanOf(seconds: number, units: Record<keyof typeof SIZES, string>): string {
  const key =
    seconds % SIZES.d === 0 ? "d" : seconds % SIZES.h === 0 ? "h" : seconds % SIZES.m === 0 ? "m" : "s";
  const [size, unit] = [SIZES[key], units[key]];
  return `${(seconds / size).toString()}\u00a0${unit}`;
}

/** What the system does by itself, and how it went the last time. */
export function Jobs() {
  const { jobs: t, delivery } = deliveryTexts.use();
  const jobs = useJobs();
  const columns: Column<JobState>[] = [
    { key: "name", title: t.name, render: (job) => t.names[job.name] ?? job.name },
    {
      key: "when",
      title: t.when,
      render: (job) =>
        job.daily_at ? t.daily(job.daily_at.slice(0, 5)) : t.every(spanOf(job.every_seconds, t.units)),
    },
    {
      key: "last",
      title: t.last,
      render: (job) =>
        job.last_finished_at ? (
          <RelativeAge at={job.last_finished_at} />
        ) : (
          <span className="muted">{t.never}</span>
        ),
    },
    { key: "outcome", title: t.outcome, render: (job) => <Outcome job={job} /> },
  ];
  return (
    <Sheet flush>
      {jobs.isPending ? (
        <ListSkeleton rows={6} />
      ) : !jobs.data ? (
        <ErrorState error={jobs.error} onRetry={() => void jobs.refetch()} />
      ) : (
        <DataTable
          caption={delivery.tabs.jobs}
          columns={columns}
          rows={jobs.data.jobs}
          keyOf={(job) => job.name}
          minWidth={620}
        />
      )}
    </Sheet>
  );
}

function Outcome({ job }: { job: JobState }) {
  const t = deliveryTexts.use().jobs;
  const late = job.is_late ? (
    <div style={{ color: "var(--in-progress-fg)" }}>
      <Tooltip title={t.lateHint}>
        {/* Reachable by keyboard: the hint says what to do. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <span tabIndex={0}>
          <WarningOutlined aria-hidden /> {t.late}
        </span>
      </Tooltip>
    </div>
  ) : null;
  if (job.last_outcome === "failed")
    return (
      <>
        <span style={{ color: "var(--overdue-fg)", fontWeight: 600 }}>
          <CloseCircleOutlined aria-hidden /> {t.failed}
        </span>
        {job.last_error ? <div className="muted">{job.last_error}</div> : null}
        {late}
      </>
    );
  return (
    <>
      {job.last_outcome === "done" ? (
        <span style={{ color: "var(--done-fg)" }}>
          <CheckCircleOutlined aria-hidden /> {t.done}
        </span>
      ) : null}
      {late}
    </>
  );
}
