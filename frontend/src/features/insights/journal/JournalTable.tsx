import { CheckOutlined, StopOutlined } from "@ant-design/icons";
import Link from "next/link";
import type { Column } from "@/shared/table/columns";
import { DataTable } from "@/shared/table/DataTable";
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
  const columns: Column<JournalEntry>[] = [
    {
      key: "at",
      title: t.columns.at,
      render: (entry) => <DateAndAge at={entry.at} />,
    },
    {
      key: "who",
      title: t.columns.who,
      render: (entry) => entry.actor?.full_name ?? <span className="muted">{t.system}</span>,
    },
    { key: "what", title: t.columns.what, render: (entry) => actionWords(entry.action) },
    { key: "object", title: t.columns.object, render: (entry) => <ObjectCell entry={entry} /> },
    {
      key: "outcome",
      title: t.columns.outcome,
      render: (entry) =>
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
      from: "desktop",
      render: (entry) => <span className="numbers muted">{entry.ip ?? "—"}</span>,
    },
  ];
  return (
    <DataTable
      caption={t.title}
      columns={columns}
      rows={entries}
      keyOf={(entry) => entry.id.toString()}
      isOld={loading}
      minWidth={680}
      rowClass={(entry) => (entry.outcome === "refused" ? "row-overdue" : "")}
      details={{
        title: t.details,
        label: (entry) => t.detailsOf(actionWords(entry.action)),
        has: (entry) => !isEmpty(entry.details) || entry.request_id !== null,
        render: (entry) => <Details entry={entry} />,
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
    ...(entry.ip ? [[t.columns.from, entry.ip] as const] : []),
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
