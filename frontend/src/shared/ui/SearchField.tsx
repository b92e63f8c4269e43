import { SearchOutlined } from "@ant-design/icons";
import { Input } from "antd";
import { useEffect, useRef, useState } from "react";

interface Props {
  value: string;
  label: string;
  onSearch: (value: string) => void;
  width?: number;
}

const PAUSE_MS = 300;

/** A filter by words: searches when typing pauses, at once on Enter or clearing. */
export function SearchField({ value, label, onSearch, width = 280 }: Props) {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  const timer = useRef<number>(undefined);
  // The address changed from outside (back, a link): show what it says.
  if (known !== value) {
    setKnown(value);
    setTyped(value);
  }
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  const search = (next: string, wait: number): void => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      setKnown(next.trim());
      onSearch(next.trim());
    }, wait);
  };
  return (
    <Input
      style={{ width, maxWidth: "100%" }}
      prefix={<SearchOutlined aria-hidden />}
      placeholder={label}
      aria-label={label}
      allowClear
      maxLength={200}
      value={typed}
      onChange={(event) => {
        setTyped(event.target.value);
        search(event.target.value, event.target.value === "" ? 0 : PAUSE_MS);
      }}
      onPressEnter={() => {
        search(typed, 0);
      }}
    />
  );
}
