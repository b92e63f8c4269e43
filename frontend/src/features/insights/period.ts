import * as url from "@/shared/url-state";

export const PERIODS = ["today", "week", "month", "quarter", "year"] as const;
export type PeriodName = (typeof PERIODS)[number];

/** The period as it stands in the address: a name, or the days of a custom one. */
export interface PeriodView {
  period: PeriodName | undefined;
  date_from: string;
  date_to: string;
}

export const periodView = {
  period: url.oneOf(PERIODS),
  date_from: url.text(),
  date_to: url.text(),
};

export const DEFAULT_PERIOD: PeriodName = "month";

/** Whether this is a day of the calendar, written as 2026-11-22. */
export function isDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

/** A custom period needs both its days, the first not after the last; otherwise a named one holds. */
export const isCustom = ({ date_from, date_to }: PeriodView): boolean =>
  isDay(date_from) && isDay(date_to) && date_from <= date_to;

export type PeriodQuery = { period: PeriodName } | { date_from: string; date_to: string };

/** What the API is asked; an address with nonsense in it shows the default period. */
export const queryOf = (view: PeriodView): PeriodQuery =>
  isCustom(view)
    ? { date_from: view.date_from, date_to: view.date_to }
    : { period: view.period ?? DEFAULT_PERIOD };

/** `22.11.2026`, without any time zone: a day is a day. */
export const dayText = (day: string): string => day.split("-").reverse().join(".");

/** `01–22.11.2026` where the month is the same, `28.10–22.11.2026` in one year, both whole otherwise. */
export function rangeText(first: string, last: string): string {
  if (first === last) return dayText(first);
  const [year, month, day] = first.split("-");
  const [lastYear, lastMonth] = last.split("-");
  if (year === lastYear && month === lastMonth) return `${day ?? ""}–${dayText(last)}`;
  if (year === lastYear) return `${day ?? ""}.${month ?? ""}–${dayText(last)}`;
  return `${dayText(first)}–${dayText(last)}`;
}
