import { useState } from "react";
import { formatPhone } from "@/shared/phone";
import { useSettled } from "@/shared/use-settled";
import { dayText } from "../days";
import { usePatients, type PatientRow } from "../queries";
import { RemotePicker } from "./RemotePicker";
import { pickTexts } from "./texts";

interface Props<V> {
  id?: string;
  label?: string;
  value: V | null;
  /** A card not to offer: the one that is open. */
  exclude?: string;
  disabled?: boolean;
  status?: "error" | undefined;
  onChange: (patient: PatientRow | null) => void;
}

const moreOf = (row: PatientRow): string =>
  [
    row.birth_date ? dayText(row.birth_date) : null,
    row.record_number,
    row.guardians[0] ? `${row.guardians[0].full_name}, ${row.guardians[0].relation}` : null,
    row.phone ? formatPhone(row.phone) : null,
  ]
    .filter(Boolean)
    .join(" · ");

/** One patient, found by any spelling of a name, a phone or a record number. */
export function PatientPicker<V extends { id: string; full_name: string }>({
  value,
  exclude,
  onChange,
  ...rest
}: Props<V>) {
  const t = pickTexts.use().patient;
  const [words, setWords] = useState("");
  const search = useSettled(words.trim(), 250);
  const isEnough = search.length >= 2;
  const found = usePatients({ search, page: 1, order: "full_name" }, isEnough);
  const rows = isEnough ? (found.data?.patients ?? []) : [];
  return (
    <RemotePicker<PatientRow>
      {...rest}
      placeholder={t.placeholder}
      nothing={isEnough ? t.nothing : t.type}
      value={value ? { id: value.id, name: value.full_name } : null}
      choices={rows
        .filter((row) => row.id !== exclude)
        .map((row) => ({ id: row.id, name: row.full_name, more: moreOf(row), entry: row }))}
      isSearching={isEnough && found.isFetching}
      onSearch={setWords}
      onChange={onChange}
    />
  );
}
