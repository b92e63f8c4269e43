import type { CaseCard, CaseStatus, Comment, UserRef } from "@/shared/api/types";

export interface FieldChange {
  field: string;
  before: string | null;
  after: string | null;
}

interface Base {
  id: string;
  at: string;
  actor: UserRef | null;
}

export type Entry =
  | (Base & { kind: "comment"; comment: Comment })
  | (Base & { kind: "created" | "taken" | "other" })
  | (Base & { kind: "assigned"; before: string | null; after: string | null; comment: string | null })
  | (Base & { kind: "status"; from: CaseStatus | null; to: CaseStatus; comment: string | null })
  | (Base & { kind: "edited"; changes: FieldChange[] })
  | (Base & { kind: "filesAdded"; names: string[] })
  | (Base & { kind: "fileDeleted"; name: string });

type Data = Record<string, unknown>;

const isData = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Text of a value in the journal: plain, or the name of a person or an entry. */
function textOf(value: unknown): string | null {
  if (typeof value === "string") return value === "" ? null : value;
  if (typeof value === "number") return value.toString();
  if (!isData(value)) return null;
  return textOf(value.full_name ?? value.name);
}

function changesOf(data: Data): FieldChange[] {
  if (!isData(data.changes)) return [];
  return Object.entries(data.changes).flatMap(([field, change]): FieldChange[] =>
    isData(change) ? [{ field, before: textOf(change.old), after: textOf(change.new) }] : [],
  );
}

function eventEntry(event: CaseCard["timeline"][number]): Entry | null {
  const { id, at, actor } = event;
  // Kinds and data may grow; an unknown one is still told, in general words.
  const data: Data = event.data;
  const base = { id: `event-${String(id)}`, at, actor };
  const comment = textOf(data.comment);
  switch (event.kind) {
    case "created":
    case "taken":
      return { ...base, kind: event.kind };
    case "assigned":
      return {
        ...base,
        kind: "assigned",
        before: textOf(data.from),
        after: textOf(data.to),
        comment,
      };
    case "status_changed": {
      const to = textOf(data.to_status) as CaseStatus | null;
      if (to === null) return { ...base, kind: "other" };
      return {
        ...base,
        kind: "status",
        from: textOf(data.from_status) as CaseStatus | null,
        to,
        comment,
      };
    }
    case "edited":
      return { ...base, kind: "edited", changes: changesOf(data) };
    case "file_added":
      return { ...base, kind: "filesAdded", names: [textOf(data.original_name) ?? ""] };
    case "file_deleted":
      return { ...base, kind: "fileDeleted", name: textOf(data.original_name) ?? "" };
    case "commented":
      // The comment itself stands in the thread.
      return null;
    default:
      return { ...base, kind: "other" };
  }
}

const A_MINUTE = 60_000;

/** Files that one person added at one go are one entry: twenty of them would push everything else out of sight. */
function together(entries: Entry[]): Entry[] {
  const result: Entry[] = [];
  for (const entry of entries) {
    const last = result.at(-1);
    if (
      entry.kind === "filesAdded" &&
      last?.kind === "filesAdded" &&
      last.actor?.id === entry.actor?.id &&
      Date.parse(entry.at) - Date.parse(last.at) < A_MINUTE
    )
      result[result.length - 1] = { ...last, names: [...last.names, ...entry.names] };
    else result.push(entry);
  }
  return result;
}

/** Events and comments in one stream, newest last. Entries of one moment keep the server's order. */
export function threadOf(
  card: Pick<CaseCard, "timeline" | "comments" | "status_history">,
  earlier: readonly Comment[] = [],
): Entry[] {
  const events = card.timeline.map(eventEntry).filter((entry) => entry !== null);
  const seen = new Set<string>();
  const told = [...earlier, ...card.comments].filter(({ id }) => !seen.has(id) && seen.add(id));
  const comments = told.map((comment): Entry => ({
    id: `comment-${comment.id}`,
    at: comment.created_at,
    actor: comment.author,
    kind: "comment",
    comment,
  }));
  return together(
    [...events, ...comments]
      .map((entry, index) => ({ entry, index, time: Date.parse(entry.at) }))
      .sort((a, b) => a.time - b.time || a.index - b.index)
      .map(({ entry }) => entry),
  );
}
