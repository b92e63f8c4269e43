import { Button, Input, Select } from "antd";
import { useId, useState, type SyntheticEvent } from "react";
import type { CaseRow } from "@/shared/api/types";
import { matches } from "@/shared/match";
import type { Names } from "./chip-words";
import { DateField } from "./DateField";
import type { Filters, ListState } from "./filters";
import styles from "./Filters.module.css";
import { listTexts } from "./texts";

export const PANEL_FIELDS = [
  "category_id",
  "channel_id",
  "responsible_id",
  "applicant_name",
  "applicant_phone",
  "applicant_email",
  "subcategory",
  "date_from",
  "date_to",
] as const satisfies readonly (keyof Filters)[];

const TEXT_FIELDS = ["applicant_name", "applicant_phone", "applicant_email", "subcategory"] as const;
const DATE_FIELDS = ["date_from", "date_to"] as const;

interface Props {
  state: ListState;
  names: Names;
  canSeePeople: boolean;
  onChange: (change: Partial<ListState>) => void;
}

interface Option {
  value: string;
  label: string;
}

/** People known from the directory (ADMIN) or from the rows on the screen. */
function peopleOf(rows: readonly CaseRow[], names: Names): Option[] {
  const people = new Map((names.executors ?? []).map((user) => [user.id, user.full_name]));
  for (const { responsible } of rows) if (responsible) people.set(responsible.id, responsible.full_name);
  return [...people].map(([value, label]) => ({ value, label }));
}

/** Everything the list can be narrowed by. Choices act at once, typed words with Enter or «Показати». */
export function FilterPanel({ state, names, canSeePeople, onChange }: Props) {
  const t = listTexts.use();
  const id = useId();
  const [typed, setTyped] = useState<Partial<Record<(typeof TEXT_FIELDS)[number], string>>>({});
  const options = (entries: { id: string; name: string }[] | undefined): Option[] =>
    (entries ?? []).map((entry) => ({ value: entry.id, label: entry.name }));
  const apply = (event: SyntheticEvent): void => {
    event.preventDefault();
    const change = Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, value.trim()]));
    onChange(change);
    setTyped({});
  };
  const select = (name: "category_id" | "channel_id", entries: Option[], placeholder: string) => (
    <div>
      <label htmlFor={`${id}-${name}`}>{t.filters[name]}</label>
      <Select
        id={`${id}-${name}`}
        value={state[name] || undefined}
        options={entries}
        placeholder={placeholder}
        allowClear
        showSearch={{ filterOption: (input, option) => matches(option?.label ?? "", input) }}
        onChange={(value: string | undefined) => {
          onChange({ [name]: value ?? "" });
        }}
      />
    </div>
  );
  return (
    <form className={styles.panel} onSubmit={apply}>
      {select("category_id", options(names.categories), t.any)}
      {select("channel_id", options(names.channels), t.anyChannel)}
      {canSeePeople ? (
        <div>
          <label htmlFor={`${id}-who`}>{t.filters.responsible_id}</label>
          <Select
            id={`${id}-who`}
            mode="multiple"
            maxTagCount="responsive"
            value={state.responsible_id}
            options={[
              { value: "me", label: t.me },
              { value: "none", label: t.nobody },
              ...peopleOf(names.rows, names),
            ]}
            placeholder={t.anyChannel}
            allowClear
            showSearch={{ filterOption: (input, option) => matches(option?.label ?? "", input) }}
            onChange={(value: string[]) => {
              onChange({ responsible_id: value });
            }}
          />
        </div>
      ) : null}
      {TEXT_FIELDS.map((name) => (
        <div key={name}>
          <label htmlFor={`${id}-${name}`}>{t.filters[name]}</label>
          <Input
            id={`${id}-${name}`}
            value={typed[name] ?? state[name]}
            maxLength={200}
            onChange={(event) => {
              setTyped({ ...typed, [name]: event.target.value });
            }}
          />
        </div>
      ))}
      {DATE_FIELDS.map((name) => (
        <div key={name}>
          <label htmlFor={`${id}-${name}`}>{t.filters[name]}</label>
          <DateField
            id={`${id}-${name}`}
            value={state[name]}
            onChange={(value) => {
              onChange({ [name]: value });
            }}
          />
        </div>
      ))}
      <div className={styles.panelButtons}>
        <Button type="primary" htmlType="submit">
          {t.apply}
        </Button>
      </div>
    </form>
  );
}
