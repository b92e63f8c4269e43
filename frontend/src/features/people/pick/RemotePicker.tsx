import { Select } from "antd";
import { useState, type ReactNode } from "react";

export interface Choice<T> {
  id: string;
  name: string;
  /** A second line that tells namesakes apart. */
  more: string;
  entry: T;
}

interface Props<T> {
  id?: string | undefined;
  label?: string | undefined;
  placeholder: string;
  nothing: ReactNode;
  value: { id: string; name: string } | null;
  choices: Choice<T>[];
  isSearching: boolean;
  disabled?: boolean | undefined;
  status?: "error" | undefined;
  onSearch: (words: string) => void;
  onChange: (entry: T | null) => void;
}

/** Choosing one person out of many by typing; the server searches. */
export function RemotePicker<T>({
  id,
  label,
  placeholder,
  nothing,
  value,
  choices,
  isSearching,
  disabled,
  status,
  onSearch,
  onChange,
}: Props<T>) {
  const [words, setWords] = useState("");
  const options = choices.map((one) => ({ value: one.id, label: one.name, more: one.more }));
  return (
    <Select
      {...(id ? { id } : {})}
      {...(label ? { "aria-label": label } : {})}
      {...(status ? { status } : {})}
      style={{ width: "100%" }}
      // What is chosen brings its own name: it need not be among what is found just now.
      labelInValue
      value={value ? { value: value.id, label: value.name } : null}
      disabled={disabled ?? false}
      allowClear
      showSearch={{
        filterOption: false,
        searchValue: words,
        onSearch: (next) => {
          setWords(next);
          onSearch(next);
        },
      }}
      placeholder={placeholder}
      loading={isSearching}
      notFoundContent={isSearching ? null : nothing}
      options={options}
      optionRender={({ data }) => (
        <>
          {data.label}
          {data.more ? <div style={{ fontSize: 13, color: "var(--muted)" }}>{data.more}</div> : null}
        </>
      )}
      onChange={(chosen: { value: string; label: string } | null | undefined) => {
        setWords("");
        onChange(choices.find((one) => one.id === chosen?.value)?.entry ?? null);
      }}
    />
  );
}
