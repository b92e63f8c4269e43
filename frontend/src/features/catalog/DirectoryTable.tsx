import { DownOutlined, RightOutlined } from "@ant-design/icons";
import { Button, Table, type TableProps } from "antd";
import type { DirectoryEntry } from "@/shared/api/types";
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
  const columns: TableProps<DirectoryEntry>["columns"] = [
    { key: "name", title: t.name, render: (_, entry) => entry.name },
    {
      key: "state",
      title: t.state,
      width: 150,
      render: (_, entry) => <EntryState isActive={entry.is_active} kind={kind} />,
    },
    {
      key: "updated",
      title: t.updated,
      width: 170,
      responsive: ["md"],
      render: (_, entry) => <DateAndAge at={entry.updated_at} />,
    },
    {
      key: "actions",
      title: <span className="visually-hidden">{t.actions}</span>,
      width: 100,
      align: "right",
      render: (_, entry) => (
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
    <Table<DirectoryEntry>
      rowKey="id"
      columns={columns}
      dataSource={entries}
      pagination={false}
      rowClassName={(entry) => (entry.is_active ? "" : "row-inactive")}
      {...(kind === "categories" ? { expandable: subcategories() } : {})}
    />
  );

  function subcategories(): TableProps<DirectoryEntry>["expandable"] {
    return {
      columnTitle: <span className="visually-hidden">{t.subcategories.title}</span>,
      expandedRowRender: (entry) => <Subcategories category={entry} onEdit={onEdit} onSwitch={onSwitch} />,
      expandIcon: ({ expanded, onExpand, record }) => (
        <Button
          type="text"
          size="small"
          aria-expanded={expanded}
          aria-label={t.showSubs(record.name)}
          icon={expanded ? <DownOutlined /> : <RightOutlined />}
          onClick={(event) => {
            onExpand(record, event);
          }}
        />
      ),
    };
  }
}
