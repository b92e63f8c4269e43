import type { ReactNode } from "react";
import styles from "./StateBlock.module.css";

interface Props {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** "alert" for failures, so that screen readers say it at once. */
  role?: "alert" | "status";
  /** "h1" when this is all there is on the page. */
  heading?: "h1" | "h2";
}

/** The common shape of "nothing here", "no right", "went wrong": sign, sentence, one button. */
export function StateBlock({ icon, title, children, action, role, heading: Heading = "h2" }: Props) {
  return (
    <div className={styles.block} role={role}>
      {icon ? (
        <div className={styles.icon} aria-hidden>
          {icon}
        </div>
      ) : null}
      <Heading className={styles.title}>{title}</Heading>
      {children ? <div className={styles.text}>{children}</div> : null}
      {action ? <div className={styles.action}>{action}</div> : null}
    </div>
  );
}
