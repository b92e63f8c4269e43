import Head from "next/head";
import type { ReactNode } from "react";
import styles from "./Page.module.css";
import { uiTexts } from "./texts";

interface Props {
  title: string;
  /** The browser tab, when it should say more or less than the heading (a case's number). */
  tabTitle?: string;
  /** Stands beside the heading: a count, a state. */
  extra?: ReactNode;
  actions?: ReactNode;
  /** Reading width instead of the whole screen. */
  narrow?: boolean;
  children: ReactNode;
}

/** One screen of the desk: heading, its actions on the right, content below. */
export function Page({ title, tabTitle, extra, actions, narrow = false, children }: Props) {
  const t = uiTexts.use();
  return (
    <div className={narrow ? `${styles.page ?? ""} ${styles.narrow ?? ""}` : styles.page}>
      <Head>
        <title>{`${tabTitle ?? title} · ${t.product}`}</title>
      </Head>
      <header className={styles.head}>
        <h1 className={styles.title}>{title}</h1>
        {extra ? <div className={styles.extra}>{extra}</div> : null}
        {actions ? <div className={styles.actions}>{actions}</div> : null}
      </header>
      {children}
    </div>
  );
}

/** A sheet of paper on the page's background. */
export function Sheet({
  children,
  flush = false,
  title,
}: {
  children: ReactNode;
  flush?: boolean;
  title?: string;
}) {
  return (
    <section className={flush ? styles.sheet : `${styles.sheet ?? ""} ${styles.padded ?? ""}`}>
      {title ? <h2 className={styles.sheetTitle}>{title}</h2> : null}
      {children}
    </section>
  );
}
