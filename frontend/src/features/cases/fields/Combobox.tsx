import { DownOutlined } from "@ant-design/icons";
import { Input } from "antd";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { bestMatches } from "@/shared/match";
import type { FieldAria } from "./Field";
import styles from "./Field.module.css";
import { fieldTexts } from "./texts";

export interface Choice {
  value: string;
  label: string;
}

interface Props {
  aria: FieldAria;
  text: string;
  choices: readonly Choice[];
  /** Every change of the text; `picked` when the text now stands for one of the choices. */
  onChange: (text: string, picked: Choice | null) => void;
  /** Enter on a finished value: go on to the next field. */
  onDone: () => void;
  /** Text outside the list is a value too. */
  freeText?: boolean;
  maxLength?: number | undefined;
  placeholder?: string;
  disabled?: boolean;
}

const sameWords = (a: string, b: string): boolean =>
  a.trim().toLocaleLowerCase("uk") === b.trim().toLocaleLowerCase("uk");

/** Choosing by typing a few letters: the best match is under Enter and under Tab, slips are forgiven. */
export function Combobox({
  aria,
  text,
  choices,
  onChange,
  onDone,
  freeText = false,
  maxLength,
  placeholder,
  disabled,
}: Props) {
  const t = fieldTexts.use();
  const listId = useId();
  const list = useRef<HTMLUListElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const [hasTyped, setHasTyped] = useState(false);
  const [active, setActive] = useState(0);
  const shown = hasTyped ? bestMatches(choices, text, (choice) => choice.label) : choices;
  // With free text nothing is picked unasked: the words typed may be meant as they are.
  const current = active >= 0 ? shown[active] : undefined;

  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active, isOpen]);

  const close = (): void => {
    setIsOpen(false);
    setHasTyped(false);
  };
  const pick = (choice: Choice): void => {
    onChange(choice.label, choice);
    close();
  };
  const open = (): void => {
    const chosen = choices.findIndex((choice) => sameWords(choice.label, text));
    setActive(chosen === -1 && (freeText || text === "") ? -1 : Math.max(chosen, 0));
    setIsOpen(true);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) open();
      else {
        const step = event.key === "ArrowDown" ? 1 : -1;
        setActive(
          (active + step + shown.length + (active === -1 && step === -1 ? 1 : 0)) % Math.max(shown.length, 1),
        );
      }
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (isOpen && current) pick(current);
      else close();
      onDone();
    } else if (event.key === "Tab" && isOpen && current && hasTyped) pick(current);
  };
  const onType = (value: string): void => {
    const exact = choices.find((choice) => sameWords(choice.label, value)) ?? null;
    setHasTyped(true);
    setIsOpen(true);
    setActive(value.trim() === "" || (freeText && !exact) ? -1 : 0);
    onChange(value, exact);
  };

  const showList = isOpen && !disabled && (shown.length > 0 || !freeText);
  return (
    <div className={styles.box}>
      <Input
        {...aria}
        value={text}
        disabled={disabled}
        maxLength={maxLength}
        placeholder={placeholder}
        autoComplete="off"
        role="combobox"
        aria-expanded={showList}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={showList && current ? `${listId}-${current.value}` : undefined}
        status={aria["aria-invalid"] ? "error" : ""}
        suffix={<DownOutlined aria-hidden style={{ fontSize: 11, color: "var(--muted)" }} />}
        onFocus={(event) => {
          event.target.select();
          open();
        }}
        onClick={() => {
          if (!isOpen) open();
        }}
        onBlur={close}
        onChange={(event) => {
          onType(event.target.value);
        }}
        onKeyDown={onKeyDown}
      />
      <ul ref={list} id={listId} role="listbox" className={styles.list} hidden={!showList}>
        {shown.map((choice, index) => (
          // Keys are handled by the field, which keeps the focus.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <li
            key={choice.value}
            id={`${listId}-${choice.value}`}
            role="option"
            aria-selected={index === active}
            data-active={index === active}
            className={styles.option}
            onMouseDown={(event) => {
              event.preventDefault();
            }}
            onMouseMove={() => {
              setActive(index);
            }}
            onClick={() => {
              pick(choice);
              onDone();
            }}
          >
            {choice.label}
          </li>
        ))}
        {shown.length === 0 ? (
          <li className={styles.nothing} role="option" aria-selected={false} aria-disabled>
            {t.nothing}
          </li>
        ) : null}
      </ul>
    </div>
  );
}
