import Link from "next/link";
import type { ReactNode } from "react";
import { formatNumber } from "@/shared/plural";
import { ChangeNote } from "./ChangeNote";
import { changeOf } from "./compare";
import { Explain } from "./Explain";
import styles from "./Insights.module.css";

interface Props {
  name: string;
  icon?: ReactNode;
  value: number;
  /** Absent for figures of this very moment. */
  previous?: number;
  definition: string;
  /** The list of exactly these cases. */
  href?: string;
  /** The same for the period before. */
  previousHref?: string;
  isUrgent?: boolean;
}

/** One number with its name, its definition, the way to its cases and how it stood before. */
export function Figure({
  name,
  icon,
  value,
  previous,
  definition,
  href,
  previousHref,
  isUrgent = false,
}: Props) {
  return (
    <li className={isUrgent ? `${styles.figure ?? ""} ${styles.urgent ?? ""}` : styles.figure}>
      <div className={styles.figureTop}>
        <span className={styles.figureName}>
          {icon}
          {name}
        </span>
        <Explain name={name} text={definition} />
      </div>
      {href ? (
        <Link
          href={href}
          prefetch={false}
          className={styles.value}
          aria-label={`${name}: ${formatNumber(value)}`}
        >
          {formatNumber(value)}
        </Link>
      ) : (
        <span className={styles.value}>{formatNumber(value)}</span>
      )}
      {previous === undefined ? null : (
        <ChangeNote
          change={changeOf(value, previous)}
          before={formatNumber(previous)}
          beforeHref={previousHref}
        />
      )}
    </li>
  );
}
