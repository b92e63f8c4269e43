import { Segmented, Skeleton } from "antd";
import dynamic from "next/dynamic";
import { useState } from "react";
import styles from "./Insights.module.css";
import { DEFAULT_PERIOD, isCustom, PERIODS, type PeriodName, type PeriodView } from "./period";
import { insightTexts } from "./texts";

const DaysPicker = dynamic(() => import("./DaysPicker").then((part) => part.DaysPicker), {
  ssr: false,
  loading: () => <Skeleton.Input active style={{ width: 260 }} />,
});

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
  return (
    <div className={`${styles.period ?? ""} no-print`} role="group" aria-label={t.label}>
      <Segmented<PeriodName | "custom">
        aria-label={t.label}
        value={value}
        options={[...PERIODS, "custom" as const].map((name) => ({ value: name, label: t[name] }))}
        onChange={choose}
      />
      {value === "custom" ? (
        <DaysPicker
          days={custom ? [view.date_from, view.date_to] : null}
          onChange={(date_from, date_to) => {
            onChange({ period: undefined, date_from, date_to });
          }}
        />
      ) : null}
    </div>
  );
}
