import { ArrowDownOutlined, ArrowUpOutlined, MinusOutlined } from "@ant-design/icons";
import Link from "next/link";
import type { Change } from "./compare";
import styles from "./Insights.module.css";
import { insightTexts } from "./texts";

const ICONS = { up: ArrowUpOutlined, down: ArrowDownOutlined, same: MinusOutlined, none: null };

interface Props {
  change: Change;
  before: string;
  /** The list of the cases of the period before. */
  beforeHref?: string | undefined;
}

/** The difference to the period before: arrow, amount, and what it was. Neither good nor bad by itself: no colour. */
export function ChangeNote({ change, before, beforeHref }: Props) {
  const t = insightTexts.use().change;
  const Icon = ICONS[change.direction];
  return (
    <span className={styles.change}>
      {Icon ? <Icon aria-hidden /> : null}
      <span className={change.direction === "none" ? styles.before : undefined}>
        {change.words}
        {change.direction === "up" || change.direction === "down" ? (
          <span className="visually-hidden">{t[change.direction]}</span>
        ) : null}
      </span>
      {change.hasBefore ? (
        <span className={styles.before}>
          {beforeHref ? (
            <Link href={beforeHref} prefetch={false}>
              {t.before(before)}
            </Link>
          ) : (
            t.before(before)
          )}
        </span>
      ) : null}
    </span>
  );
}
