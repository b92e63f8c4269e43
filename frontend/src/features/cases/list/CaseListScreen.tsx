import { Button } from "antd";
import { useRouter } from "next/router";
import { useCallback, useMemo, useState } from "react";
import type { CaseRow } from "@/shared/api/types";
import { useLocale } from "@/shared/preferences";
import { counted } from "@/shared/plural";
import { useMe } from "@/shared/session/session";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { ErrorState } from "@/shared/ui/ErrorState";
import { Page } from "@/shared/ui/Page";
import { ListSkeleton } from "@/shared/ui/skeletons";
import { uiTexts } from "@/shared/ui/texts";
import { useUrlState } from "@/shared/url-state";
import { useMediaQuery } from "@/shared/use-media-query";
import { useCaseList } from "../api/cases";
import { KeysButton } from "../keys/KeysButton";
import { useCalmRows } from "./calm-rows";
import { CaseCards } from "./CaseCards";
import { CaseTable } from "./CaseTable";
import { chipsOf } from "./chips";
import { ColumnChooser } from "./ColumnChooser";
import { useColumns } from "./columns";
import { EmptyList } from "./EmptyList";
import { ExportButton, ExportProgress } from "./ExportButton";
import { FilterChips } from "./FilterChips";
import { FilterPanel, PANEL_FIELDS } from "./FilterPanel";
import { LIST_SCHEMA, nextOrder, toQuery, type ListState, type SortField } from "./filters";
import styles from "./CaseListScreen.module.css";
import { Pager } from "./Pager";
import { QuickFilters } from "./QuickFilters";
import { listTexts } from "./texts";
import { useExport } from "./use-export";
import { useListKeys } from "./use-list-keys";
import { useListPlace } from "./use-list-place";
import { useNames } from "./use-names";

export function CaseListScreen() {
  const router = useRouter();
  // The address of an exported page is known a moment after the page itself.
  return router.isReady ? <CaseListContent /> : <ListSkeleton />;
}

function CaseListContent() {
  const t = listTexts.use();
  const ui = uiTexts.use();
  const me = useMe();
  const locale = useLocale();
  const isPhone = useMediaQuery("(max-width: 700px)");
  const [state, setState] = useUrlState<ListState>(LIST_SCHEMA);
  const query = useMemo(() => toQuery(state), [state]);
  const list = useCaseList(query);
  const key = JSON.stringify(query);
  const { calm, reveal } = useCalmRows(list.isPlaceholderData ? undefined : list.data, key);
  const isOld = list.isPlaceholderData;
  const rows = calm?.rows ?? [];
  const total = list.data?.total ?? 0;
  const chips = useMemo(() => chipsOf(state), [state]);
  const moreCount = chips.filter((chip) =>
    PANEL_FIELDS.some((name) => name === chip.name && chip.value !== "me" && chip.value !== "none"),
  ).length;
  const [moreOpen, setMoreOpen] = useState(false);
  const names = useNames(state, me, rows);
  const columns = useColumns();

  const change = useCallback(
    (next: Partial<ListState>) => {
      setState({ page: 1, ...next });
    },
    [setState],
  );
  const sort = useCallback(
    (field: SortField) => {
      change({ order_by: nextOrder(state.order_by, field) });
    },
    [change, state.order_by],
  );
  const remember = useListPlace(query, rows, total, !list.isPending && !isOld);
  const open = useCallback(
    (row: CaseRow) => {
      remember(row.public_id);
    },
    [remember],
  );
  useListKeys();
  const exporting = useExport();

  const shared = { rows, isOld, onOpen: open };
  return (
    <Page
      title={t.title}
      extra={
        <span aria-live="polite">
          {me.role === "OPERATOR" ? `${t.scopeOperator} · ` : ""}
          {list.data ? ui.found(counted(total, "cases", locale)) : null}
        </span>
      }
      actions={
        isPhone ? null : (
          <>
            <ExportButton
              running={exporting}
              query={query}
              counted={total > 0 && !isOld ? counted(total, "cases", locale) : null}
            />
            <ColumnChooser />
          </>
        )
      }
    >
      <QuickFilters
        state={state}
        me={me}
        onChange={change}
        moreCount={moreCount}
        moreOpen={moreOpen}
        onMore={() => {
          setMoreOpen(!moreOpen);
        }}
      />
      {moreOpen ? (
        <FilterPanel state={state} names={names} canSeePeople={me.role !== "OPERATOR"} onChange={change} />
      ) : null}
      <FilterChips chips={chips} names={names} onChange={change} />
      <ExportProgress running={exporting} />
      {list.isError && list.data ? <ErrorNote error={list.error} /> : null}
      {calm && (calm.newer > 0 || calm.moved) ? (
        <div className={styles.newer} role="status">
          {calm.newer > 0 ? t.newer(counted(calm.newer, "cases", locale)) : t.moved}
          <Button type="link" size="small" onClick={reveal}>
            {t.showNewer}
          </Button>
        </div>
      ) : null}
      <div className={styles.sheet}>
        {list.isPending ? (
          <ListSkeleton rows={10} />
        ) : !list.data ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : rows.length === 0 ? (
          <EmptyList state={state} me={me} chips={chips} names={names} onChange={change} />
        ) : isPhone ? (
          <CaseCards {...shared} />
        ) : (
          <CaseTable
            {...shared}
            columns={columns}
            order={state.order_by}
            isRanked={state.search.trim() !== ""}
            changed={calm?.changed ?? NONE}
            fresh={calm?.fresh ?? NONE}
            onSort={sort}
            onFilter={change}
          />
        )}
        {rows.length > 0 ? (
          <Pager
            page={state.page}
            pageSize={state.page_size}
            total={total}
            onPage={(page) => {
              setState({ page });
              window.scrollTo({ top: 0 });
            }}
            onPageSize={(page_size) => {
              change({ page_size });
            }}
          />
        ) : null}
      </div>
      {isPhone ? null : (
        <div className={styles.hint}>
          <KeysButton />
          {t.keysHint}
        </div>
      )}
    </Page>
  );
}

const NONE: ReadonlySet<string> = new Set();
