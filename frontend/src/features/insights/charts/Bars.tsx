import Link from "next/link";
import type { ReactNode } from "react";
import { formatNumber } from "@/shared/plural";
import { ChangeNote } from "../ChangeNote";
import { changeOf, percentText } from "../compare";
import styles from "./Charts.module.css";

export interface Bar {
  key: string;
  name: string;
  icon?: ReactNode;
  /** The name for screen readers where it is shown by the icon. */
  said?: string;
  count: number;
  share: number | null;
  previous: number;
  href: string;
  /** A colour of the theme; the pattern beside it tells bars apart without colour. */
  color?: string;
}

/** Named bars with their numbers written out: the list is its own text alternative. */
export function Bars({ bars, label }: { bars: Bar[]; label: string }) {
  const longest = Math.max(...bars.map(({ count }) => count), 1);
  return (
    <ul className={styles.bars} aria-label={label}>
      {bars.map((bar) => (
        <li key={bar.key}>
          <div className={styles.barTop}>
            <span className={styles.barName}>
              {bar.icon}
              {bar.name}
            </span>
            <span className={styles.barNumbers}>
              <Link
                href={bar.href}
                prefetch={false}
                aria-label={`${bar.said ?? bar.name}: ${formatNumber(bar.count)}`}
              >
                {formatNumber(bar.count)}
              </Link>
              <span className="muted">{percentText(bar.share)}</span>
            </span>
          </div>
          <div className={styles.track} aria-hidden>
            <div
              className={styles.fill}
              style={{
                width: `${((bar.count / longest) * 100).toString()}%`,
                background: bar.color ?? "var(--primary)",
              }}
            />
          </div>
          <ChangeNote change={changeOf(bar.count, bar.previous)} before={formatNumber(bar.previous)} />
        </li>
      ))}
    </ul>
  );
}
