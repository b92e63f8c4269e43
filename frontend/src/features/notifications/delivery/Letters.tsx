import { Alert, Button, Input, Select } from "antd";
import { counted } from "@/shared/plural";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ErrorState } from "@/shared/ui/ErrorState";
import { FilterBar } from "@/shared/ui/FilterBar";
import { Sheet } from "@/shared/ui/Page";
import { ListSkeleton } from "@/shared/ui/skeletons";
import { uiTexts } from "@/shared/ui/texts";
import { MAIL_STATUSES, NOTICE_TYPES, useDeliveryLog, type LogView } from "../queries";
import { noticeTexts } from "../texts";
import { LettersTable } from "./LettersTable";
import { deliveryTexts } from "./texts";

interface Props {
  view: LogView;
  onChange: (change: Partial<LogView>) => void;
}

export function Letters({ view, onChange }: Props) {
  const t = deliveryTexts.use().delivery;
  const types = noticeTexts.use().types;
  const ui = uiTexts.use();
  const log = useDeliveryLog(view);
  const total = log.data?.total;
  const isFiltered = view.status !== undefined || view.type !== undefined || view.case_id !== "";
  return (
    <>
      {log.data ? <Standing totals={log.data.totals} onChange={onChange} /> : null}
      <FilterBar found={total === undefined ? "" : ui.found(counted(total, "letters"))}>
        <Select
          aria-label={t.status}
          style={{ width: 210 }}
          value={view.status ?? ""}
          options={[
            { value: "", label: t.anyStatus },
            ...MAIL_STATUSES.map((status) => ({ value: status, label: t.statuses[status] })),
          ]}
          onChange={(value) => {
            onChange({ status: MAIL_STATUSES.find((one) => one === value), page: 1 });
          }}
        />
        <Select
          aria-label={t.type}
          style={{ width: 210 }}
          value={view.type ?? ""}
          options={[
            { value: "", label: t.anyType },
            ...NOTICE_TYPES.map((type) => ({ value: type, label: types[type] })),
          ]}
          onChange={(value) => {
            onChange({ type: NOTICE_TYPES.find((one) => one === value), page: 1 });
          }}
        />
        <Input
          style={{ width: 190 }}
          className="numbers"
          aria-label={t.caseNumber}
          placeholder={t.caseNumber}
          inputMode="numeric"
          allowClear
          maxLength={6}
          value={view.case_id}
          onChange={(event) => {
            onChange({ case_id: event.target.value.replace(/\D/g, ""), page: 1 });
          }}
        />
      </FilterBar>
      <Sheet flush>
        {log.isPending ? (
          <ListSkeleton />
        ) : !log.data ? (
          <ErrorState error={log.error} onRetry={() => void log.refetch()} />
        ) : log.data.total === 0 ? (
          <EmptyState
            title={isFiltered ? t.emptyFiltered : t.empty}
            action={
              isFiltered ? (
                <Button
                  onClick={() => {
                    onChange({ status: undefined, type: undefined, case_id: "", page: 1 });
                  }}
                >
                  {t.reset}
                </Button>
              ) : null
            }
          />
        ) : (
          <LettersTable
            deliveries={log.data.deliveries}
            total={log.data.total}
            page={view.page}
            loading={log.isPlaceholderData}
            onPage={(page) => {
              onChange({ page });
            }}
          />
        )}
      </Sheet>
    </>
  );
}

/** What needs somebody's attention, before any filter. */
function Standing({ totals, onChange }: { totals: Record<string, number> } & Pick<Props, "onChange">) {
  const t = deliveryTexts.use().delivery;
  const failed = totals.FAILED ?? 0;
  const unsent = totals.NOT_CONFIGURED ?? 0;
  const notes = [
    failed > 0 ? (
      <Alert
        key="failed"
        type="error"
        showIcon
        title={t.failed(counted(failed, "letters"))}
        action={
          <Button
            size="small"
            onClick={() => {
              onChange({ status: "FAILED", type: undefined, case_id: "", page: 1 });
            }}
          >
            {t.showFailed}
          </Button>
        }
      />
    ) : null,
    unsent > 0 ? (
      <Alert
        key="unsent"
        type="warning"
        showIcon
        title={t.noServer}
        description={t.noServerHint(counted(unsent, "letters"))}
      />
    ) : null,
  ].filter(Boolean);
  if (notes.length === 0) return null;
  return <div style={{ display: "grid", gap: 10, marginBottom: 16 }}>{notes}</div>;
}
