import { LIST_SCHEMA, NO_FILTERS, type ListState } from "@/features/cases/list/filters";
import { writeState } from "@/shared/url-state";

const WHOLE_LIST: ListState = {
  ...NO_FILTERS,
  scope: undefined,
  order_by: undefined,
  page: 1,
  page_size: 20,
};

/** The address of the list with exactly these filters, written the way the list reads it. */
export function casesHref(filters: Partial<ListState>): string {
  const query = writeState(LIST_SCHEMA, {}, { ...WHOLE_LIST, ...filters });
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value]) params.append(name, one);
  const text = params.toString();
  return text === "" ? "/cases" : `/cases?${text}`;
}

export interface Days {
  period_start: string;
  period_end: string;
}

/** Cases registered in these days. */
export const registeredHref = (days: Days, filters: Partial<ListState> = {}): string =>
  casesHref({ ...filters, date_from: days.period_start, date_to: days.period_end });

/** Cases closed in these days and not reopened since, whenever registered. */
export const closedHref = (days: Days, filters: Partial<ListState> = {}): string =>
  casesHref({ ...filters, closed_from: days.period_start, closed_to: days.period_end });

/** The days before, with the same filters. */
export const previousHref = (
  days: { previous_start: string; previous_end: string },
  filters: Partial<ListState> = {},
): string => casesHref({ ...filters, date_from: days.previous_start, date_to: days.previous_end });
