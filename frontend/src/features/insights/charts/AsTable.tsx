import type { ReactNode } from "react";
import { insightTexts } from "../texts";
import styles from "./Charts.module.css";

interface Props {
  caption: string;
  columns: string[];
  rows: { key: string; cells: ReactNode[] }[];
}

/** The numbers behind a picture, for screen readers and for whoever wants them exactly. */
export function AsTable({ caption, columns, rows }: Props) {
  const t = insightTexts.use();
  return (
    <details className={`${styles.details ?? ""} no-print`}>
      <summary>{t.table}</summary>
      {/* A long table scrolls in its own box, reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={caption}>
        <table className={styles.plain}>
          <caption className="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, cells: [first, ...others] }) => (
              <tr key={key}>
                <th scope="row">{first}</th>
                {others.map((cell, index) => (
                  <td key={columns[index + 1]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
