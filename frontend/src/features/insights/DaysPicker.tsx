import { DatePicker } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { insightTexts } from "./texts";

interface Props {
  /** First and last day, `YYYY-MM-DD`; null while none are chosen. */
  days: readonly [string, string] | null;
  onChange: (first: string, last: string) => void;
}

/** Any two days. The calendar is heavy: whoever shows this loads it when it is wanted. */
export function DaysPicker({ days, onChange }: Props) {
  const t = insightTexts.use().period;
  const set = (chosen: [Dayjs | null, Dayjs | null] | null): void => {
    const [first, last] = chosen ?? [];
    if (first && last) onChange(first.format("YYYY-MM-DD"), last.format("YYYY-MM-DD"));
  };
  return (
    <DatePicker.RangePicker
      aria-label={t.range}
      format="DD.MM.YYYY"
      allowClear={false}
      maxDate={dayjs()}
      value={days ? [dayjs(days[0]), dayjs(days[1])] : null}
      onChange={set}
    />
  );
}
