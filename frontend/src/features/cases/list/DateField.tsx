import { Input } from "antd";
import { useState } from "react";
import { formatDate } from "@/shared/dates";
import { isoDate } from "./iso-date";
import { listTexts } from "./texts";

interface Props {
  id: string;
  /** `2026-11-22` or empty. */
  value: string;
  onChange: (value: string) => void;
}

/** A day typed as `22.11.2026`, whatever the language of the browser; acts when the date is complete. */
export function DateField({ id, value, onChange }: Props) {
  const t = listTexts.use();
  const shown = value === "" ? "" : formatDate(value);
  const [typed, setTyped] = useState<string | null>(null);
  const isWrong = typed !== null && typed !== "" && isoDate(typed) === null;
  const settle = (): void => {
    const day = typed === null ? null : typed.trim() === "" ? "" : isoDate(typed);
    if (day !== null && day !== value) onChange(day);
    if (day !== null) setTyped(null);
  };
  return (
    <Input
      id={id}
      value={typed ?? shown}
      placeholder={t.dateHint}
      inputMode="numeric"
      maxLength={10}
      status={isWrong && typed.length >= 10 ? "error" : ""}
      aria-invalid={isWrong}
      onBlur={settle}
      onPressEnter={settle}
      onChange={(event) => {
        const next = event.target.value;
        setTyped(next);
        const day = next.length === 10 ? isoDate(next) : null;
        if (day !== null && day !== value) onChange(day);
      }}
    />
  );
}
