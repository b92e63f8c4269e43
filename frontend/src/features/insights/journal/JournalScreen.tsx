import { Button, Space } from "antd";
import { counted } from "@/shared/plural";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ErrorState } from "@/shared/ui/ErrorState";
import { Page, Sheet } from "@/shared/ui/Page";
import { ListSkeleton } from "@/shared/ui/skeletons";
import { useUrlState } from "@/shared/url-state";
import { Chain } from "./Chain";
import { JournalFilters } from "./JournalFilters";
import { JournalTable } from "./JournalTable";
import { journalView, useJournal, type JournalView } from "./queries";
import { journalTexts } from "./texts";

const NO_FILTERS: JournalView = {
  actor_id: "",
  action: [],
  object_type: "",
  object_id: "",
  outcome: undefined,
  date_from: "",
  date_to: "",
  after: "",
};

/** Who did and looked at what. */
export default function JournalScreen() {
  const t = journalTexts.use();
  const [view, setView] = useUrlState<JournalView>(journalView);
  const journal = useJournal(view);
  const { data } = journal;
  const found = data ? (data.total_is_exact ? t.found : t.foundMore)(counted(data.total, "entries")) : "";
  const next = data?.next_after;
  return (
    <Page
      title={t.title}
      extra={
        <span role="status" aria-live="polite">
          {found}
        </span>
      }
    >
      <Chain />
      <JournalFilters view={view} onChange={(change) => setView(change, { history: "replace" })} />
      <Sheet flush>
        {journal.isPending ? (
          <ListSkeleton rows={12} />
        ) : !data ? (
          <ErrorState error={journal.error} onRetry={() => void journal.refetch()} />
        ) : data.entries.length === 0 ? (
          <EmptyState
            title={t.empty}
            action={<Button onClick={() => setView(NO_FILTERS)}>{t.reset}</Button>}
          />
        ) : (
          <JournalTable entries={data.entries} loading={journal.isPlaceholderData} />
        )}
      </Sheet>
      {data && (view.after !== "" || next) ? (
        <Space style={{ marginTop: 14 }}>
          {view.after === "" ? null : <Button onClick={() => setView({ after: "" })}>{t.newer}</Button>}
          {next ? (
            <Button
              onClick={() => {
                setView({ after: next });
                window.scrollTo({ top: 0 });
              }}
            >
              {t.next}
            </Button>
          ) : null}
        </Space>
      ) : null}
    </Page>
  );
}
