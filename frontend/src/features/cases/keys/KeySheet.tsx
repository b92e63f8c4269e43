import { Modal, Switch } from "antd";
import { shortcutsChoice } from "@/shared/preferences";
import { useStore } from "@/shared/store";
import styles from "./KeySheet.module.css";
import { keyTexts } from "./texts";

type Words = ReturnType<typeof keyTexts.now>;
type Word = Exclude<keyof Words, "title" | "on" | "layout">;
type Group = readonly [title: Word, rows: readonly (readonly [keys: string, word: Word])[]];

const GROUPS: readonly Group[] = [
  [
    "everywhere",
    [
      ["Ctrl+K", "search"],
      ["?", "help"],
      ["Ctrl+Enter", "send"],
    ],
  ],
  [
    "list",
    [
      ["J", "next"],
      ["K", "previous"],
      ["Enter", "open"],
    ],
  ],
  [
    "card",
    [
      ["C", "comment"],
      ["N", "note"],
      ["T", "take"],
      ["S", "status"],
      ["A", "assign"],
      ["J", "next"],
      ["K", "previous"],
      ["Esc", "back"],
    ],
  ],
  [
    "form",
    [
      ["Enter", "field"],
      ["F2", "refuse"],
      ["F3", "caller"],
    ],
  ],
];

/** All keys on one sheet, and the switch for those who do not want them. */
export function KeySheet({ onClose }: { onClose: () => void }) {
  const t = keyTexts.use();
  const choice = useStore(shortcutsChoice);
  return (
    <Modal open title={t.title} footer={null} width={620} onCancel={onClose}>
      <div className={styles.groups}>
        {GROUPS.map(([title, rows]) => (
          <section key={title}>
            <h3 className={styles.title}>{t[title]}</h3>
            <dl className={styles.rows}>
              {rows.map(([keys, word]) => (
                <div key={keys}>
                  <dt>
                    <kbd className={styles.key}>{keys}</kbd>
                  </dt>
                  <dd>{t[word]}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="muted">{t.layout}</p>
      <label className={styles.switch}>
        <Switch
          checked={choice === "on"}
          onChange={(isOn) => {
            shortcutsChoice.set(isOn ? "on" : "off");
          }}
        />
        {t.on}
      </label>
    </Modal>
  );
}
