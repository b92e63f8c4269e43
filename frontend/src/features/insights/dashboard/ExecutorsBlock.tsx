import { Tooltip } from "antd";
import Link from "next/link";
import type { ReactNode } from "react";
import { formatNumber } from "@/shared/plural";
import { listText } from "@/shared/list-text";
import type { Column } from "@/shared/table/columns";
import { DataTable } from "@/shared/table/DataTable";
import { Block } from "../Block";
import { durationText } from "../compare";
import styles from "../Insights.module.css";
import { casesHref, closedHref } from "../links";
import type { Dashboard, ExecutorRow } from "../queries";
import { insightTexts } from "../texts";
import own from "./Dashboard.module.css";
import { dashboardTexts } from "./texts";

type Sortable = number | null;
const by =
  (pick: (row: ExecutorRow) => Sortable) =>
  (a: ExecutorRow, b: ExecutorRow): number =>
    (pick(a) ?? -1) - (pick(b) ?? -1);

const linked = (value: number, href: string, said: string): ReactNode =>
  value === 0 ? (
    <span className="muted">0</span>
  ) : (
    <Link href={href} prefetch={false} aria-label={`${said}: ${formatNumber(value)}`}>
      {formatNumber(value)}
    </Link>
  );

/** Who has how much to do, has done how much, and how fast. */
export function ExecutorsBlock({ executors }: { executors: Dashboard["executors"] }) {
  const t = dashboardTexts.use();
  const define = insightTexts.use().define;
  const c = t.columns;
  const of = (row: ExecutorRow) => ({ responsible_id: [row.user.id] });
  const number = (
    key: string,
    title: string,
    pick: (row: ExecutorRow) => Sortable,
    render: (row: ExecutorRow) => ReactNode,
  ): Column<ExecutorRow> => ({ key, title, align: "right", sort: by(pick), render });
  const columns: Column<ExecutorRow>[] = [
    {
      key: "person",
      title: t.person,
      render: (row) => (
        <>
          {row.user.full_name}
          {row.is_active ? null : <span className="muted"> · {t.inactive}</span>}
          <div className="muted" style={{ fontSize: 13 }}>
            <Categories names={row.categories.map(({ name }) => name)} />
          </div>
        </>
      ),
    },
    number(
      "in_progress",
      c.inProgress,
      (row) => row.in_progress_now,
      (row) =>
        linked(
          row.in_progress_now,
          casesHref({ ...of(row), status: ["IN_PROGRESS"] }),
          `${row.user.full_name}: ${c.inProgress}`,
        ),
    ),
    number(
      "needs_info",
      c.needsInfo,
      (row) => row.needs_info_now,
      (row) =>
        linked(
          row.needs_info_now,
          casesHref({ ...of(row), status: ["NEEDS_INFO"] }),
          `${row.user.full_name}: ${c.needsInfo}`,
        ),
    ),
    number(
      "stale",
      c.stale,
      (row) => row.stale_now,
      (row) =>
        linked(row.stale_now, casesHref({ ...of(row), stale: true }), `${row.user.full_name}: ${c.stale}`),
    ),
    number(
      "done",
      c.done,
      (row) => row.done,
      (row) =>
        linked(
          row.done,
          closedHref(executors, { ...of(row), status: ["DONE"] }),
          `${row.user.full_name}: ${c.done}`,
        ),
    ),
    number(
      "rejected",
      c.rejected,
      (row) => row.rejected,
      (row) =>
        linked(
          row.rejected,
          closedHref(executors, { ...of(row), status: ["REJECTED"] }),
          `${row.user.full_name}: ${c.rejected}`,
        ),
    ),
    number(
      "average",
      c.average,
      (row) => row.average_seconds,
      (row) => durationText(row.average_seconds),
    ),
    number(
      "median",
      c.median,
      (row) => row.median_seconds,
      (row) => durationText(row.median_seconds),
    ),
    number(
      "overdue",
      c.overdue,
      (row) => row.overdue_now,
      (row) => <Overdue row={row} />,
    ),
  ];
  return (
    <Block title={t.executors} definition={define.executors} width={12}>
      {executors.total === 0 ? (
        <p className={styles.nothing}>{t.executorsNone}</p>
      ) : (
        <DataTable
          caption={t.executors}
          className={own.executors}
          dense
          columns={columns}
          rows={executors.executors}
          keyOf={(row) => row.user.id}
          minWidth={930}
          rowClass={(row) => (row.is_active ? "" : "row-inactive")}
        />
      )}
    </Block>
  );
}

/** One category has a list of exactly these cases; several are several lists. */
function Overdue({ row }: { row: ExecutorRow }) {
  const c = dashboardTexts.use().columns;
  const [only, ...others] = row.categories;
  if (row.overdue_now === 0) return <span className="muted">0</span>;
  const late = { color: "var(--overdue-fg)", fontWeight: 600 };
  if (!only || others.length > 0) return <span style={late}>{formatNumber(row.overdue_now)}</span>;
  return (
    <Link
      href={casesHref({ overdue: true, category_id: only.id })}
      prefetch={false}
      style={late}
      aria-label={`${row.user.full_name}: ${c.overdue}: ${formatNumber(row.overdue_now)}`}
    >
      {formatNumber(row.overdue_now)}
    </Link>
  );
}

function Categories({ names }: { names: string[] }) {
  const [first, ...others] = names;
  if (!first) return "—";
  if (others.length === 0) return first;
  return (
    <Tooltip title={listText(names)}>
      <span>
        {first} <span className="nowrap">+{others.length}</span>
      </span>
    </Tooltip>
  );
}
