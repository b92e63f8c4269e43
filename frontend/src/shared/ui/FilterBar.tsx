import type { ReactNode } from "react";
import styles from "./FilterBar.module.css";

/** Filters in a row above a list, the count of what they found at its end, said aloud when it changes. */
export function FilterBar({ children, found }: { children: ReactNode; found?: string }) {
  return (
    <div className={styles.bar}>
      {children}
      {found === undefined ? null : (
        <span className={styles.found} role="status" aria-live="polite">
          {found}
        </span>
      )}
    </div>
  );
}
