import type { ReactNode } from "react";
import { Explain } from "./Explain";
import styles from "./Insights.module.css";

interface Props {
  title: string;
  definition?: string;
  /** Of twelve columns; half or the whole on a tablet. */
  width: 4 | 6 | 8 | 12;
  aside?: ReactNode;
  children: ReactNode;
}

/** A part of the dashboard: heading, definition, content. */
export function Block({ title, definition, width, aside, children }: Props) {
  return (
    <section className={styles.block} data-width={width} aria-label={title}>
      <div className={styles.blockHead}>
        <h2>{title}</h2>
        {definition ? <Explain name={title} text={definition} /> : null}
        {aside ? <span>{aside}</span> : null}
      </div>
      {children}
    </section>
  );
}
