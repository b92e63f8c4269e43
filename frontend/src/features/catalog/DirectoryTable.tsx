import type { DirectoryEntry } from "@/shared/api/types";
import type { Column } from "@/shared/table/columns";
import { DataTable } from "@/shared/table/DataTable";
import { DateAndAge } from "@/shared/ui/DateAndAge";
import { EntryActions } from "./EntryActions";
import type { Editing } from "./EntryPanel";
import { EntryState } from "./EntryState";
import type { DirectoryKind, Place } from "./queries";
import { Subcategories } from "./Subcategories";
import { catalogTexts } from "./texts";

interface Props {
  kind: DirectoryKind;
  entries: DirectoryEntry[];
  onEdit: (editing: Editing) => void;
  onSwitch: (place: Place, entry: DirectoryEntry) => void;
}

export function DirectoryTable({ kind, entries, onEdit, onSwitch }: Props) {
  const t = catalogTexts.use();
  const columns: Column<DirectoryEntry>[] = [
    { key: "name", title: t.name, render: (entry) => entry.name },
    {
      key: "state",
      title: t.state,
      width: 150,
      render: (entry) => <EntryState isActive={entry.is_active} kind={kind} />,
    },
    {
      key: "updated",
      title: t.updated,
      width: 170,
      from: "tablet",
      render: (entry) => <DateAndAge at={entry.updated_at} />,
    },
    {
      key: "actions",
      title: <span className="visually-hidden">{t.actions}</span>,
      width: 100,
      align: "buttons",
      render: (entry) => (
        <EntryActions
          entry={entry}
          onRename={() => {
            onEdit({ place: { kind }, entry });
          }}
          onSwitch={() => {
            onSwitch({ kind }, entry);
          }}
        />
      ),
    },
  ];
  return (
    <DataTable<DirectoryEntry>
      caption={t[kind].title}
      columns={columns}
      rows={entries}
      keyOf={(entry) => entry.id}
      rowClass={(entry) => (entry.is_active ? "" : "row-inactive")}
      {...(kind === "categories"
        ? {
            details: {
              title: t.subcategories.title,
              label: (entry) => t.showSubs(entry.name),
              render: (entry) => <Subcategories category={entry} onEdit={onEdit} onSwitch={onSwitch} />,
            },
          }
        : {})}
    />
  );
}
