import { CASE_STATUSES, type CaseStatus, type Role } from "@/shared/api/types";
import { count, flag, list, oneOf, text, type Param } from "@/shared/url-state";
import type { CaseQuery } from "../api/cases";

export const SCOPES = ["mine", "queue", "category", "all"] as const;
export type Scope = (typeof SCOPES)[number];

export const SORT_FIELDS = [
  "created_at",
  "updated_at",
  "last_status_change_at",
  "public_id",
  "status",
  "applicant_name",
  "category",
] as const;
export type SortField = (typeof SORT_FIELDS)[number];
export type Order = SortField | `-${SortField}`;

const ORDERS: readonly Order[] = SORT_FIELDS.flatMap((field): Order[] => [field, `-${field}`]);
export const DEFAULT_ORDER: Order = "-created_at";
export const PAGE_SIZES = [20, 50, 100] as const;

/** What narrows the list. The names are those of the API, so a figure elsewhere can link to its cases. */
export interface Filters {
  status: CaseStatus[];
  overdue: boolean | undefined;
  stale: boolean | undefined;
  category_id: string;
  subcategory: string;
  channel_id: string;
  responsible_id: string[];
  author_id: string;
  patient_id: string;
  doctor_id: string;
  public_id: string;
  applicant_name: string;
  applicant_phone: string;
  applicant_email: string;
  date_from: string;
  date_to: string;
  updated_from: string;
  updated_to: string;
  closed_from: string;
  closed_to: string;
  search: string;
}

export interface ListState extends Filters {
  scope: Scope | undefined;
  order_by: Order | undefined;
  page: number;
  page_size: number;
}

export const LIST_SCHEMA: { [K in keyof ListState]: Param<ListState[K]> } = {
  scope: oneOf(SCOPES),
  status: list(CASE_STATUSES),
  overdue: flag(),
  stale: flag(),
  category_id: text(),
  subcategory: text(),
  channel_id: text(),
  responsible_id: list(),
  author_id: text(),
  patient_id: text(),
  doctor_id: text(),
  public_id: text(),
  applicant_name: text(),
  applicant_phone: text(),
  applicant_email: text(),
  date_from: text(),
  date_to: text(),
  updated_from: text(),
  updated_to: text(),
  closed_from: text(),
  closed_to: text(),
  search: text(),
  order_by: oneOf(ORDERS),
  page: count(1),
  page_size: count(20),
};

export const NO_FILTERS: Filters = {
  status: [],
  overdue: undefined,
  stale: undefined,
  category_id: "",
  subcategory: "",
  channel_id: "",
  responsible_id: [],
  author_id: "",
  patient_id: "",
  doctor_id: "",
  public_id: "",
  applicant_name: "",
  applicant_phone: "",
  applicant_email: "",
  date_from: "",
  date_to: "",
  updated_from: "",
  updated_to: "",
  closed_from: "",
  closed_to: "",
  search: "",
};

export const FILTER_NAMES = Object.keys(NO_FILTERS) as (keyof Filters)[];

/**
 * The parameters of the call. Empty ones are left out: the server refuses what it cannot read. Without a chosen order
 * what is searched for comes by how well it fits, everything else newest first.
 */
export function toQuery(state: ListState): CaseQuery {
  const given = withoutEmpty({ ...state, search: state.search.trim() }) as CaseQuery;
  const order = state.order_by ?? ("search" in given ? undefined : DEFAULT_ORDER);
  return { ...given, page_size: Math.min(state.page_size, 100), ...(order ? { order_by: order } : {}) };
}

const withoutEmpty = (values: object): object =>
  Object.fromEntries(
    Object.entries(values).filter(
      ([, value]) => value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0),
    ),
  );

/** The scopes a role may switch between; the first is what it sees without choosing. */
export function scopesOf(role: Role): readonly Scope[] {
  if (role === "ADMIN") return ["all", "queue", "mine"];
  if (role === "EXECUTOR") return ["queue", "category", "mine"];
  return ["mine"];
}

export const scopeInUse = (state: Pick<ListState, "scope">, role: Role): Scope =>
  state.scope ?? scopesOf(role)[0] ?? "mine";

/** A click on a header: first click in the direction people mean, the next ones turn it round. */
export function nextOrder(current: Order | undefined, field: SortField): Order {
  const order = current ?? DEFAULT_ORDER;
  const newestFirst = field.endsWith("_at");
  if (order === field) return `-${field}`;
  if (order === `-${field}`) return field;
  return newestFirst ? `-${field}` : field;
}

export function sortDirection(
  order: Order | undefined,
  field: SortField,
  isRanked = false,
): "ascending" | "descending" | "none" {
  const current = order ?? (isRanked ? undefined : DEFAULT_ORDER);
  if (current === field) return "ascending";
  return current === `-${field}` ? "descending" : "none";
}

/** Adds or takes away one value of a repeatable filter. */
export const toggled = <T>(values: readonly T[], value: T): T[] =>
  values.includes(value) ? values.filter((known) => known !== value) : [...values, value];
