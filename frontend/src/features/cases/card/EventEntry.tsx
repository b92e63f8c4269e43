import {
  DeleteOutlined,
  EditOutlined,
  FileAddOutlined,
  PlusCircleOutlined,
  SwapOutlined,
  SwapRightOutlined,
  UserSwitchOutlined,
} from "@ant-design/icons";
import Link from "next/link";
import type { ReactNode } from "react";
import { counted } from "@/shared/plural";
import { StatusPill } from "@/shared/ui/StatusPill";
import { LongText } from "./LongText";
import styles from "./Thread.module.css";
import { When } from "./When";
import { cardTexts } from "./texts";
import type { Entry } from "./thread";

type EventOnly = Exclude<Entry, { kind: "comment" }>;

const icons: Record<EventOnly["kind"], ReactNode> = {
  created: <PlusCircleOutlined />,
  taken: <UserSwitchOutlined />,
  assigned: <UserSwitchOutlined />,
  status: <SwapOutlined />,
  edited: <EditOutlined />,
  filesAdded: <FileAddOutlined />,
  fileDeleted: <DeleteOutlined />,
  other: <EditOutlined />,
};

function Words({ entry }: { entry: EventOnly }) {
  const t = cardTexts.use().events;
  switch (entry.kind) {
    case "assigned":
      if (entry.after === null) return t.unassigned;
      return entry.before === null ? t.assigned(entry.after) : t.reassigned(entry.before, entry.after);
    case "status":
      return (
        <>
          {t.status}{" "}
          <span className={styles.states}>
            {entry.from ? (
              <>
                <StatusPill status={entry.from} /> <SwapRightOutlined aria-label="→" />{" "}
              </>
            ) : null}
            <StatusPill status={entry.to} />
          </span>
        </>
      );
    case "filesAdded": {
      const [name = "", ...others] = entry.names;
      return others.length === 0 ? t.fileAdded(name) : t.filesAdded(counted(entry.names.length, "files"));
    }
    case "fileDeleted":
      return t.fileDeleted(entry.name);
    default:
      return t[entry.kind];
  }
}

const ONE_LINE = 160;

/** Old and new value: side by side when short, one under the other and folded when long. */
function Changed({ before, after }: { before: string; after: string }) {
  const arrow = <SwapRightOutlined aria-label="→" />;
  if (before.length + after.length <= ONE_LINE)
    return (
      <>
        <del>{before}</del> {arrow} <ins>{after}</ins>
      </>
    );
  return (
    <>
      <del>
        <LongText text={before} />
      </del>
      {arrow}
      <ins>
        <LongText text={after} />
      </ins>
    </>
  );
}

/** The timeline holds no names of patients, only ids: the card says who it is to whoever may see it. */
const PERSON_PAGES: Record<string, string> = { patient: "/patients/", doctor: "/doctors/" };

function ChangedPerson({
  page,
  before,
  after,
}: {
  page: string;
  before: string | null;
  after: string | null;
}) {
  const t = cardTexts.use().events;
  const shown = (id: string | null): ReactNode =>
    id === null ? (
      t.empty
    ) : (
      <Link href={page + id} prefetch={false}>
        {t.openCard}
      </Link>
    );
  return (
    <>
      <del>{shown(before)}</del> <SwapRightOutlined aria-label="→" /> <ins>{shown(after)}</ins>
    </>
  );
}

/** One line of the journal: who did what, when; under it the reason or the old and new values. */
export function EventEntry({ entry }: { entry: EventOnly }) {
  const t = cardTexts.use();
  const fields = t.fields as Record<string, string>;
  const comment = entry.kind === "status" || entry.kind === "assigned" ? entry.comment : null;
  return (
    <div className={styles.event}>
      <span className={styles.dot} aria-hidden>
        {icons[entry.kind]}
      </span>
      <div className={styles.eventBody}>
        <div className={styles.eventLine}>
          <strong>{entry.actor?.full_name ?? t.events.system}</strong> · <Words entry={entry} />{" "}
          <When at={entry.at} />
        </div>
        {entry.kind === "filesAdded" && entry.names.length > 1 ? (
          <div className={styles.reason}>
            <LongText text={entry.names.join("\n")} />
          </div>
        ) : null}
        {comment ? (
          <div className={styles.reason}>
            <LongText text={comment} />
          </div>
        ) : null}
        {entry.kind === "edited" && entry.changes.length > 0 ? (
          <dl className={styles.changes}>
            {entry.changes.map((change) => (
              <div key={change.field}>
                <dt>{fields[change.field] ?? change.field}</dt>
                <dd>
                  {change.field in PERSON_PAGES ? (
                    <ChangedPerson
                      page={PERSON_PAGES[change.field] ?? ""}
                      before={change.before}
                      after={change.after}
                    />
                  ) : (
                    <Changed
                      before={change.before ?? t.events.empty}
                      after={change.after ?? t.events.empty}
                    />
                  )}
                </dd>
              </div>
            ))}
          </dl>
        ) : null}
      </div>
    </div>
  );
}
