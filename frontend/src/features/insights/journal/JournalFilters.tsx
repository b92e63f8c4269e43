import { DatePicker, Input, Select } from "antd";
import dayjs from "dayjs";
import { FilterBar } from "@/shared/ui/FilterBar";
import { isDay } from "../period";
import { OUTCOMES, useActions, usePeople, type JournalView } from "./queries";
import { journalTexts } from "./texts";
import { actionWords, OBJECT_TYPES, objectWords } from "./words";

interface Props {
  view: JournalView;
  onChange: (change: Partial<JournalView>) => void;
}

export function JournalFilters({ view, onChange }: Props) {
  const t = journalTexts.use();
  const { data: known } = useActions();
  const { data: people } = usePeople();
  const actions = [...new Set([...(known?.actions ?? []), ...view.action])]
    .map((value) => ({ value, label: actionWords(value) }))
    .sort((a, b) => a.label.localeCompare(b.label, "uk"));
  const change = (next: Partial<JournalView>): void => {
    onChange({ ...next, after: "" });
  };
  return (
    <FilterBar>
      <Select
        aria-label={t.person}
        style={{ flex: "1 1 130px", minWidth: 130 }}
        showSearch={{ optionFilterProp: "label" }}
        value={view.actor_id}
        options={[
          { value: "", label: t.anyPerson },
          ...(people?.users ?? []).map((user) => ({ value: user.id, label: user.full_name })),
        ]}
        onChange={(actor_id) => change({ actor_id })}
      />
      <Select
        aria-label={t.action}
        mode="multiple"
        maxTagCount="responsive"
        allowClear
        style={{ flex: "1.4 1 150px", minWidth: 150 }}
        showSearch={{ optionFilterProp: "label" }}
        value={view.action}
        options={actions}
        placeholder={t.anyAction}
        onChange={(action: string[]) => change({ action })}
      />
      <Select
        aria-label={t.object}
        style={{ flex: "0.6 1 130px", minWidth: 130 }}
        value={view.object_type}
        options={[
          { value: "", label: t.anyObject },
          ...OBJECT_TYPES.map((value) => ({ value, label: objectWords(value) })),
        ]}
        onChange={(object_type) => change({ object_type })}
      />
      <Input
        key={view.object_id}
        style={{ flex: "0.8 1 140px", minWidth: 140 }}
        aria-label={t.objectId}
        placeholder={t.objectIdShort}
        allowClear
        maxLength={64}
        defaultValue={view.object_id}
        onPressEnter={(event) => change({ object_id: event.currentTarget.value.trim() })}
        onBlur={(event) => {
          if (event.target.value.trim() !== view.object_id) change({ object_id: event.target.value.trim() });
        }}
      />
      <Select
        aria-label={t.outcome}
        style={{ flex: "0.4 1 145px", minWidth: 145 }}
        value={view.outcome ?? ""}
        options={[
          { value: "", label: t.anyOutcome },
          ...OUTCOMES.map((value) => ({ value, label: t.outcomes[value] })),
        ]}
        onChange={(value) => change({ outcome: OUTCOMES.find((one) => one === value) })}
      />
      <DatePicker.RangePicker
        aria-label={t.dates}
        format="DD.MM.YYYY"
        placeholder={[t.from, t.to]}
        style={{ flex: "0 1 250px", minWidth: 230 }}
        allowEmpty={[true, true]}
        maxDate={dayjs()}
        value={[
          isDay(view.date_from) ? dayjs(view.date_from) : null,
          isDay(view.date_to) ? dayjs(view.date_to) : null,
        ]}
        onChange={(days) =>
          change({
            date_from: days?.[0]?.format("YYYY-MM-DD") ?? "",
            date_to: days?.[1]?.format("YYYY-MM-DD") ?? "",
          })
        }
      />
    </FilterBar>
  );
}
