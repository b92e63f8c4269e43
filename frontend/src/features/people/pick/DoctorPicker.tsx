import { useState } from "react";
import { useSettled } from "@/shared/use-settled";
import { useDoctors } from "../doctor-queries";
import type { Doctor } from "../queries";
import { RemotePicker } from "./RemotePicker";
import { pickTexts } from "./texts";

interface Props<V> {
  id?: string;
  label?: string;
  value: V | null;
  disabled?: boolean;
  status?: "error" | undefined;
  onChange: (doctor: Doctor | null) => void;
}

/** One active doctor, found by parts of the name, specialty or department. */
export function DoctorPicker<V extends { id: string; full_name: string }>({
  value,
  onChange,
  ...rest
}: Props<V>) {
  const t = pickTexts.use().doctor;
  const [words, setWords] = useState("");
  const search = useSettled(words.trim(), 250);
  const found = useDoctors({ search, specialty: "", department: "", state: "active", page: 1 });
  return (
    <RemotePicker<Doctor>
      {...rest}
      placeholder={t.placeholder}
      nothing={t.nothing}
      value={value ? { id: value.id, name: value.full_name } : null}
      choices={(found.data?.doctors ?? []).map((doctor) => ({
        id: doctor.id,
        name: doctor.full_name,
        more: [doctor.specialty, doctor.department].filter(Boolean).join(" · "),
        entry: doctor,
      }))}
      isSearching={found.isFetching}
      onSearch={setWords}
      onChange={onChange}
    />
  );
}
