import { SearchOutlined } from "@ant-design/icons";
import { useEffect, useRef, type MouseEvent, type ReactNode } from "react";
import { formatPhone } from "@/shared/phone";
import { StatusPill } from "@/shared/ui/StatusPill";
import { Found } from "@/features/cases/list/Found";
import { dayText } from "@/features/people/days";
import type { GroupName, Option } from "./options";
import styles from "./Search.module.css";
import { searchTexts } from "./texts";

interface Props {
  listId: string;
  optionId: (key: string) => string;
  options: readonly Option[];
  active: number;
  isSearching: boolean;
  isFailed: boolean;
  onHover: (key: string) => void;
  onPick: (href: string) => void;
}

const GROUPS: readonly GroupName[] = ["cases", "patients", "doctors", "sections"];

const joined = (parts: readonly (string | null | undefined)[]): string => parts.filter(Boolean).join(" · ");

function Line({ option }: { option: Option }) {
  const t = searchTexts.use();
  const two = (first: ReactNode, second: ReactNode) => (
    <>
      <span className={styles.first}>{first}</span>
      <span className={styles.second}>{second}</span>
    </>
  );
  if ("everything" in option)
    return (
      <span className={styles.first}>
        <SearchOutlined aria-hidden /> {t.everything(option.everything)}
      </span>
    );
  if ("number" in option)
    return (
      <span className={styles.first}>
        <span className={styles.number}>{option.number}</span> {t.open}
      </span>
    );
  if ("row" in option)
    return two(
      <>
        <span className={styles.number}>{option.row.public_id}</span>
        <StatusPill status={option.row.status} />
        <span className={styles.name}>
          <Found row={option.row} field="applicant_name" />
        </span>
      </>,
      <Found row={option.row} field="summary" />,
    );
  if ("patient" in option) {
    const { full_name, birth_date, record_number, phone } = option.patient;
    return two(
      full_name,
      joined([birth_date ? dayText(birth_date) : null, record_number, phone ? formatPhone(phone) : null]),
    );
  }
  if ("doctor" in option)
    return two(option.doctor.full_name, joined([option.doctor.specialty, option.doctor.department]));
  return <span className={styles.first}>{option.name}</span>;
}

/** What the field found, in groups. The field keeps the focus; the mouse only points. */
export function Palette(props: Props) {
  const { listId, optionId, options, active, isSearching, isFailed, onHover, onPick } = props;
  const t = searchTexts.use();
  const list = useRef<HTMLDivElement>(null);
  const activeKey = options[active]?.key;
  useEffect(() => {
    list.current?.querySelector("[data-active=true]")?.scrollIntoView({ block: "nearest" });
  }, [activeKey]);
  const keepFocus = (event: MouseEvent): void => {
    event.preventDefault();
  };
  const hasFound = options.some((one) => !("everything" in one));
  return (
    // The field keeps the focus while the mouse is used here.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className={styles.panel} onMouseDown={keepFocus}>
      <div ref={list} id={listId} role="listbox" aria-label={t.results} className={styles.list}>
        {GROUPS.map((group) => {
          const lines = options.filter((one) => one.group === group);
          if (lines.length === 0) return null;
          return (
            <div key={group} role="group" aria-label={t.groups[group]}>
              <div className={styles.group} aria-hidden>
                {t.groups[group]}
              </div>
              {lines.map((option) => (
                // Keys are handled by the field.
                // eslint-disable-next-line jsx-a11y/click-events-have-key-events
                <div
                  key={option.key}
                  id={optionId(option.key)}
                  role="option"
                  tabIndex={-1}
                  aria-selected={option.key === activeKey}
                  data-active={option.key === activeKey}
                  className={styles.option}
                  onMouseMove={() => {
                    if (option.key !== activeKey) onHover(option.key);
                  }}
                  onClick={() => {
                    onPick(option.href);
                  }}
                >
                  <Line option={option} />
                </div>
              ))}
            </div>
          );
        })}
      </div>
      <div className={styles.foot} role="status">
        {isFailed ? t.failed : !hasFound && !isSearching ? t.nothing : t.howTo}
        <span className={styles.busy} data-busy={isSearching} aria-hidden />
      </div>
    </div>
  );
}
