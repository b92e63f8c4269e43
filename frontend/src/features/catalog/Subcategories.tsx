import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { DirectoryEntry } from "@/shared/api/types";
import { ErrorState } from "@/shared/ui/ErrorState";
import { ListSkeleton } from "@/shared/ui/skeletons";
import { EntryActions } from "./EntryActions";
import type { Editing } from "./EntryPanel";
import { EntryState } from "./EntryState";
import { useSubcategories, type Place } from "./queries";
import styles from "./Subcategories.module.css";
import { catalogTexts } from "./texts";

interface Props {
  category: DirectoryEntry;
  onEdit: (editing: Editing) => void;
  onSwitch: (place: Place, entry: DirectoryEntry) => void;
}

export function Subcategories({ category, onEdit, onSwitch }: Props) {
  const t = catalogTexts.use();
  const place: Place = { kind: "subcategories", categoryId: category.id };
  const found = useSubcategories(category.id, { includeInactive: true });
  if (found.isPending) return <ListSkeleton rows={2} />;
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  const entries = found.data.subcategories;
  return (
    <div className={styles.block}>
      <ul className={styles.list} aria-label={t.showSubs(category.name)}>
        {entries.map((entry) => (
          <li key={entry.id} className={entry.is_active ? undefined : styles.inactive}>
            <span>{entry.name}</span>
            <EntryState isActive={entry.is_active} kind="subcategories" />
            <EntryActions
              entry={entry}
              onRename={() => {
                onEdit({ place, entry });
              }}
              onSwitch={() => {
                onSwitch(place, entry);
              }}
            />
          </li>
        ))}
      </ul>
      {entries.length === 0 ? <p className="muted">{t.subcategories.empty}</p> : null}
      <Button
        size="small"
        icon={<PlusOutlined />}
        onClick={() => {
          onEdit({ place });
        }}
      >
        {t.subcategories.add}
      </Button>
    </div>
  );
}
