import { DatePicker, Segmented } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import styles from "./Insights.module.css";
import { DEFAULT_PERIOD, isCustom, PERIODS, type PeriodName, type PeriodView } from "./period";
import { insightTexts } from "./texts";

interface Props {
  view: PeriodView;
  onChange: (view: PeriodView) => void;
}

/** Which days: a calendar period up to today, or any two days. */
export function PeriodPicker({ view, onChange }: Props) {
  const t = insightTexts.use().period;
  const custom = isCustom(view);
  const [choosing, setChoosing] = useState(false);
  const value: PeriodName | "custom" = custom || choosing ? "custom" : (view.period ?? DEFAULT_PERIOD);
  const choose = (next: PeriodName | "custom"): void => {
    setChoosing(next === "custom");
    if (next === "custom") return;
    onChange({ period: next === DEFAULT_PERIOD ? undefined : next, date_from: "", date_to: "" });
  };
  const setDays = (days: [Dayjs | null, Dayjs | null] | null): void => {
    const [first, last] = days ?? [];
    if (!first || !last) return;
    onChange({
      period: undefined,
      date_from: first.format("YYYY-MM-DD"),
      date_to: last.format("YYYY-MM-DD"),
    });
  };
  return (
    <div className={`${styles.period ?? ""} no-print`} role="group" aria-label={t.label}>
      <Segmented<PeriodName | "custom">
        aria-label={t.label}
        value={value}
        options={[...PERIODS, "custom" as const].map((name) => ({ value: name, label: t[name] }))}
        onChange={choose}
      />
      {value === "custom" ? (
        <DatePicker.RangePicker
          aria-label={t.range}
          format="DD.MM.YYYY"
          allowClear={false}
          maxDate={dayjs()}
          value={custom ? [dayjs(view.date_from), dayjs(view.date_to)] : null}
          onChange={setDays}
        />
      ) : null}
    </div>
  );
}
