import { PlusOutlined } from "@ant-design/icons";
import { Button, Switch } from "antd";
import { useState } from "react";
import { counted } from "@/shared/plural";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ErrorState } from "@/shared/ui/ErrorState";
import { FilterBar } from "@/shared/ui/FilterBar";
import { Page, Sheet } from "@/shared/ui/Page";
import { SearchField } from "@/shared/ui/SearchField";
import { ListSkeleton } from "@/shared/ui/skeletons";
import { uiTexts } from "@/shared/ui/texts";
import * as url from "@/shared/url-state";
import { useUrlState } from "@/shared/url-state";
import { DirectoryTable } from "./DirectoryTable";
import { EntryPanel, type Editing } from "./EntryPanel";
import { useDirectory, type DirectoryKind } from "./queries";
import { catalogTexts } from "./texts";
import { useSwitching } from "./use-switching";

interface View {
  search: string;
  hideInactive: boolean | undefined;
}

const directoryView = { search: url.text(), hideInactive: url.flag() };

/** One directory: its entries, a filter, a side panel for names. */
export function DirectoryScreen({ kind }: { kind: DirectoryKind }) {
  const t = catalogTexts.use();
  const ui = uiTexts.use();
  const [view, setView] = useUrlState<View>(directoryView);
  const [editing, setEditing] = useState<Editing | null>(null);
  const all = useDirectory(kind);
  const switching = useSwitching();

  const words = view.search.trim().toLocaleLowerCase("uk");
  const entries = all.data?.filter(
    (entry) =>
      (entry.is_active || view.hideInactive !== true) && entry.name.toLocaleLowerCase("uk").includes(words),
  );
  const add = (
    <Button
      icon={<PlusOutlined />}
      onClick={() => {
        setEditing({ place: { kind } });
      }}
    >
      {t[kind].add}
    </Button>
  );

  return (
    <Page title={t[kind].title} actions={add}>
      <FilterBar found={entries ? ui.found(counted(entries.length, "entries")) : ""}>
        <SearchField
          label={t.search}
          value={view.search}
          onSearch={(search) => {
            setView({ search }, { history: "replace" });
          }}
        />
        <label style={{ display: "inline-flex", gap: 8, alignItems: "center" }}>
          <Switch
            size="small"
            checked={view.hideInactive !== true}
            onChange={(shown) => {
              setView({ hideInactive: shown ? undefined : true }, { history: "replace" });
            }}
          />
          {t.showInactive}
        </label>
      </FilterBar>
      <Sheet flush>
        {all.isPending ? <ListSkeleton /> : null}
        {all.isError && !all.data ? (
          <ErrorState error={all.error} onRetry={() => void all.refetch()} />
        ) : null}
        {all.data?.length === 0 ? (
          <EmptyState title={t[kind].empty} action={add}>
            {t[kind].emptyHint}
          </EmptyState>
        ) : null}
        {all.data?.length && entries?.length === 0 ? (
          <EmptyState
            title={t.nothingFound(view.search)}
            action={
              <Button
                onClick={() => {
                  setView({ search: "", hideInactive: undefined });
                }}
              >
                {t.clearSearch}
              </Button>
            }
          />
        ) : null}
        {entries?.length ? (
          <DirectoryTable kind={kind} entries={entries} onEdit={setEditing} onSwitch={switching} />
        ) : null}
      </Sheet>
      {editing ? (
        <EntryPanel
          editing={editing}
          onClose={() => {
            setEditing(null);
          }}
        />
      ) : null}
    </Page>
  );
}
