import { ExclamationCircleFilled } from "@ant-design/icons";
import type { ReactNode } from "react";
import styles from "./Field.module.css";
import { fieldTexts } from "./texts";

export interface FieldAria {
  id: string;
  "aria-invalid": boolean;
  "aria-describedby": string | undefined;
  "aria-required": boolean;
}

interface Props {
  id: string;
  label: string;
  /** What is wrong, in words; stands under the field until it is put right. */
  error?: string | undefined;
  hint?: ReactNode;
  required?: boolean;
  /** Stands on the label's line at its right end. */
  aside?: ReactNode;
  className?: string | undefined;
  children: (aria: FieldAria) => ReactNode;
}

/** A field with its label above and its error below, tied together for screen readers. */
export function Field({ id, label, error, hint, required = false, aside, className, children }: Props) {
  const t = fieldTexts.use();
  const noteId = `${id}-note`;
  const hasNote = error !== undefined || hint !== undefined;
  return (
    <div className={`${styles.field ?? ""} ${className ?? ""}`}>
      <div className={styles.top}>
        <label htmlFor={id}>
          {label}
          {required ? null : <span className={styles.optional}> {t.optional}</span>}
        </label>
        {aside}
      </div>
      {children({
        id,
        "aria-invalid": error !== undefined,
        "aria-describedby": hasNote ? noteId : undefined,
        "aria-required": required,
      })}
      {hasNote ? (
        <div id={noteId} className={error ? styles.error : styles.hint} role={error ? "alert" : undefined}>
          {error ? <ExclamationCircleFilled aria-hidden /> : null} {error ?? hint}
        </div>
      ) : null}
    </div>
  );
}
