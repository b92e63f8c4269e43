import { SearchOutlined } from "@ant-design/icons";
import { Input, type InputRef } from "antd";
import { useRouter } from "next/router";
import { useEffect, useRef, useState, type SyntheticEvent } from "react";
import styles from "./Frame.module.css";
import { layoutTexts } from "./texts";

const isMac = (): boolean => /mac/i.test(navigator.userAgent);

/** Search from anywhere: Ctrl/⌘+K by the physical key, so it works with the Ukrainian layout too. */
export function SearchBox() {
  const t = layoutTexts.use();
  const router = useRouter();
  const field = useRef<InputRef>(null);
  const inAddress =
    typeof router.query.search === "string" && router.pathname === "/cases" ? router.query.search : "";
  const [words, setWords] = useState(inAddress);
  const [shown, setShown] = useState(inAddress);
  if (shown !== inAddress) {
    setShown(inAddress);
    setWords(inAddress);
  }

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.code !== "KeyK" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
        return;
      event.preventDefault();
      field.current?.focus({ cursor: "all" });
    };
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", onKey);
    };
  }, []);

  const search = (event: SyntheticEvent): void => {
    event.preventDefault();
    const search = words.trim();
    void router.push({ pathname: "/cases", query: search ? { search } : {} });
  };

  return (
    <form role="search" onSubmit={search} className={styles.search}>
      <Input
        ref={field}
        value={words}
        aria-label={t.search}
        placeholder={t.searchHint}
        prefix={<SearchOutlined aria-hidden />}
        suffix={words === "" ? <kbd className={styles.key}>{isMac() ? "⌘K" : "Ctrl+K"}</kbd> : undefined}
        allowClear
        maxLength={200}
        onChange={(event) => {
          setWords(event.target.value);
        }}
      />
    </form>
  );
}
