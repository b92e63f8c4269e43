import Head from "next/head";
import type { ReactNode } from "react";
import { LanguageSwitch } from "@/shared/ui/LanguageSwitch";
import { uiTexts } from "@/shared/ui/texts";
import styles from "./Doorstep.module.css";
import { signInTexts } from "./texts";

/** The pages before the desk: one sheet in the middle, the hospital's name above. */
export function Doorstep({ title, children }: { title: string; children: ReactNode }) {
  const t = signInTexts.use();
  const product = uiTexts.use().product;
  return (
    <div className={styles.page}>
      <Head>
        <title>{`${title} · ${product}`}</title>
      </Head>
      <header className={styles.brand}>
        <span className={styles.mark} aria-hidden />
        <span>
          <strong>{t.hospital}</strong>
          <br />
          <span className="muted">{t.desk}</span>
        </span>
      </header>
      <main className={styles.sheet}>
        <h1 className={styles.title}>{title}</h1>
        {children}
      </main>
      <footer className={styles.foot}>
        <LanguageSwitch />
      </footer>
    </div>
  );
}
