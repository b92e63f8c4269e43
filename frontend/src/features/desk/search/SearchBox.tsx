import { SearchOutlined } from "@ant-design/icons";
import { Input, type InputRef } from "antd";
import { useRouter } from "next/router";
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type SyntheticEvent } from "react";
import { sectionsFor } from "@/shared/layout/sections";
import { layoutTexts } from "@/shared/layout/texts";
import { useMe } from "@/shared/session/session";
import { useSettled } from "@/shared/use-settled";
import { firstChoice, listAddress, optionsFor } from "./options";
import { Palette } from "./Palette";
import styles from "./Search.module.css";
import { searchTexts } from "./texts";
import { useFound } from "./use-found";

const isMac = (): boolean => /mac/i.test(navigator.userAgent);
const PAUSE_MS = 200;

/** Ctrl/⌘+K from anywhere, also while typing, by the physical key: it works with the Ukrainian layout too. */
function useCommandK(run: () => void): void {
  const current = useRef(run);
  useLayoutEffect(() => {
    current.current = run;
  });
  useLayoutEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (event.code !== "KeyK" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
        return;
      event.preventDefault();
      current.current();
    };
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", onKey);
    };
  }, []);
}

/** The palette: one field that finds cases, patients, doctors and sections, and leads there. */
export function SearchBox() {
  const t = searchTexts.use();
  const names = layoutTexts.use();
  const me = useMe();
  const router = useRouter();
  const field = useRef<InputRef>(null);
  const listId = useId();
  const inAddress =
    typeof router.query.search === "string" && router.pathname === "/cases" ? router.query.search : "";
  const [words, setWords] = useState(inAddress);
  const [shown, setShown] = useState(inAddress);
  const [isOpen, setIsOpen] = useState(false);
  if (shown !== inAddress) {
    setShown(inAddress);
    // The address may arrive when the next words are being typed already: those stay.
    if (!isOpen) setWords(inAddress);
  }
  /** Null until the arrows or the mouse choose: then Enter does the most likely thing. */
  const [chosen, setChosen] = useState<string | null>(null);

  const typed = words.trim();
  const settled = useSettled(typed, PAUSE_MS);
  const search = useFound(isOpen ? settled : "");
  const places = sectionsFor(me).map(({ name, href }) => ({ name: names[name], href }));
  // What was found for other words must not stand under these: Enter would open it.
  const isSearching = search.isSearching || settled !== typed;
  const options = optionsFor(typed, settled === typed ? search.found : {}, places, isSearching);
  const at = options.findIndex(({ key }) => key === chosen);
  const active = at >= 0 ? at : typed === "" ? -1 : firstChoice(typed, options);

  const open = (): void => {
    setIsOpen(true);
    setChosen(null);
  };
  const close = (): void => {
    setIsOpen(false);
    field.current?.blur();
  };
  useCommandK(() => {
    field.current?.focus({ cursor: "all" });
    open();
  });
  const go = (href: string): void => {
    close();
    void router.push(href);
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    go(isOpen ? (options[active]?.href ?? listAddress(typed)) : listAddress(typed));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) open();
      const step =
        event.key === "ArrowDown" ? 1 : active <= 0 ? options.length - Math.max(active, 0) - 1 : -1;
      setChosen(options[(active + step) % Math.max(options.length, 1)]?.key ?? null);
    }
  };

  const optionId = (key: string): string => `${listId}-${key}`;
  const current = options[active];
  return (
    <form role="search" onSubmit={submit} className={styles.search}>
      <Input
        ref={field}
        value={words}
        role="combobox"
        aria-label={t.label}
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && current ? optionId(current.key) : undefined}
        autoComplete="off"
        placeholder={t.hint}
        prefix={<SearchOutlined aria-hidden />}
        suffix={words === "" ? <kbd className={styles.key}>{isMac() ? "⌘K" : "Ctrl+K"}</kbd> : undefined}
        allowClear
        maxLength={200}
        onClick={open}
        onBlur={() => {
          setIsOpen(false);
        }}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setWords(event.target.value);
          open();
        }}
      />
      {isOpen ? (
        <Palette
          listId={listId}
          optionId={optionId}
          options={options}
          active={active}
          isSearching={isSearching}
          isFailed={search.isFailed}
          onHover={setChosen}
          onPick={go}
        />
      ) : null}
    </form>
  );
}
