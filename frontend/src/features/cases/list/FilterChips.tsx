import { CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { Chip } from "./chips";
import { chipWords, type Names } from "./chip-words";
import { NO_FILTERS, type ListState } from "./filters";
import styles from "./Filters.module.css";
import { listTexts } from "./texts";

interface Props {
  chips: readonly Chip[];
  names: Names;
  onChange: (change: Partial<ListState>) => void;
}

export function FilterChips({ chips, names, onChange }: Props) {
  const t = listTexts.use();
  if (chips.length === 0) return null;
  return (
    <ul className={styles.chips} aria-label={t.active}>
      {chips.map((chip) => {
        const { name, value } = chipWords(chip, names);
        return (
          <li key={chip.key} className={styles.chip}>
            <span className={styles.chipText} title={value}>
              <span className={styles.chipName}>{name}:</span> {value}
            </span>
            <button
              type="button"
              className={styles.chipRemove}
              aria-label={t.remove(`${name}: ${value}`)}
              onClick={() => {
                onChange(chip.without);
              }}
            >
              <CloseOutlined aria-hidden style={{ fontSize: 11 }} />
            </button>
          </li>
        );
      })}
      {chips.length > 1 ? (
        <li>
          <Button
            type="text"
            size="small"
            onClick={() => {
              onChange(NO_FILTERS);
            }}
          >
            {t.reset}
          </Button>
        </li>
      ) : null}
    </ul>
  );
}
