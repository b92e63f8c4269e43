import { useState } from "react";
import styles from "./Thread.module.css";
import { cardTexts } from "./texts";

const FOLD_FROM_CHARACTERS = 700;
const FOLD_FROM_LINES = 10;

/** Text as written, folded when it would push the rest of the thread away. */
export function LongText({ text }: { text: string }) {
  const t = cardTexts.use();
  const isLong = text.length > FOLD_FROM_CHARACTERS || text.split("\n").length > FOLD_FROM_LINES;
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <p className={styles.text} data-folded={isLong && !isOpen}>
        {text}
      </p>
      {isLong ? (
        <button
          type="button"
          className={styles.fold}
          aria-expanded={isOpen}
          onClick={() => {
            setIsOpen(!isOpen);
          }}
        >
          {isOpen ? t.less : t.more}
        </button>
      ) : null}
    </>
  );
}
