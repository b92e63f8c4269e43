import { CheckOutlined, StopOutlined } from "@ant-design/icons";
import { Table, type TableProps } from "antd";
import Link from "next/link";
import { DateAndAge } from "@/shared/ui/DateAndAge";
import type { JournalEntry } from "./queries";
import { wishOf } from "./routes";
import { journalTexts } from "./texts";
import { actionWords, objectHref, objectWords } from "./words";

const isEmpty = (details: Record<string, unknown>): boolean => Object.keys(details).length === 0;

/** Field names and ids of an entry, one a line; there is nothing about applicants in them. */
const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

export function JournalTable({ entries, loading }: { entries: JournalEntry[]; loading: boolean }) {
  const t = journalTexts.use();
  const columns: TableProps<JournalEntry>["columns"] = [
    {
      key: "at",
      title: t.columns.at,
      render: (_, entry) => <DateAndAge at={entry.at} />,
    },
    {
      key: "who",
      title: t.columns.who,
      render: (_, entry) => entry.actor?.full_name ?? <span className="muted">{t.system}</span>,
    },
    { key: "what", title: t.columns.what, render: (_, entry) => actionWords(entry.action) },
    { key: "object", title: t.columns.object, render: (_, entry) => <ObjectCell entry={entry} /> },
    {
      key: "outcome",
      title: t.columns.outcome,
      render: (_, entry) =>
        entry.outcome === "refused" ? (
          <span className="nowrap" style={{ color: "var(--overdue-fg)", fontWeight: 600 }}>
            <StopOutlined aria-hidden /> {t.outcomes.refused}
          </span>
        ) : (
          <span className="nowrap muted">
            <CheckOutlined aria-hidden /> {t.outcomes.done}
          </span>
        ),
    },
    {
      key: "from",
      title: t.columns.from,
      render: (_, entry) => <span className="numbers muted">{entry.ip ?? "—"}</span>,
    },
  ];
  return (
    <Table<JournalEntry>
      rowKey="id"
      size="middle"
      columns={columns}
      dataSource={entries}
      loading={loading}
      pagination={false}
      scroll={{ x: 860 }}
      rowClassName={(entry) => (entry.outcome === "refused" ? "row-overdue" : "")}
      expandable={{
        rowExpandable: (entry) => !isEmpty(entry.details) || entry.request_id !== null,
        expandedRowRender: (entry) => <Details entry={entry} />,
      }}
    />
  );
}

function ObjectCell({ entry }: { entry: JournalEntry }) {
  const { object_type: type, object_id: id } = entry;
  if (!type) return <span className="muted">—</span>;
  if (type === "route" && id) {
    const wish = wishOf(entry.details.method, id);
    return (
      <span title={id}>
        {wish.href ? (
          <Link href={wish.href} prefetch={false} className="in-words">
            {wish.words}
          </Link>
        ) : (
          wish.words
        )}
      </span>
    );
  }
  const href = objectHref(type, id);
  const words = objectWords(type);
  // People know a case by its number; other things have nothing shorter than their id.
  const number = typeof entry.details.public_id === "number" ? entry.details.public_id.toString() : null;
  const short = number ?? (id && id.length > 12 ? `${id.slice(0, 8)}…` : id);
  return (
    <>
      {words}{" "}
      {href && short ? (
        <Link href={href} prefetch={false} className="numbers in-words">
          {short}
        </Link>
      ) : short ? (
        <span className="muted numbers">{short}</span>
      ) : null}
    </>
  );
}

function Details({ entry }: { entry: JournalEntry }) {
  const t = journalTexts.use();
  const pairs = [
    ...Object.entries(entry.details),
    ...(entry.object_id
      ? [[entry.object_type === "route" ? t.address : "id", entry.object_id] as const]
      : []),
    ...(entry.request_id ? [[t.requestId, entry.request_id] as const] : []),
  ];
  return (
    <dl
      style={{ margin: 0, display: "grid", gridTemplateColumns: "auto 1fr", gap: "2px 16px", fontSize: 13 }}
    >
      {pairs.map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt className="muted">{name}</dt>
          <dd style={{ margin: 0, overflowWrap: "anywhere" }}>{shown(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
