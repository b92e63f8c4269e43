import { scaleSqrt } from "d3-scale";
import { formatNumber } from "@/shared/plural";
import styles from "./Charts.module.css";

interface Props {
  /** Seven rows, Monday first, of 24 hours each. */
  hours: readonly (readonly number[])[];
  caption: string;
  weekdays: readonly string[];
  weekdaysFull: readonly string[];
  hourWord: string;
  totalWord: string;
}

/** Stronger is busier (never so strong that the number on it becomes hard to read), and every cell says its number: the picture is the table. */
export function HeatMap({ hours, caption, weekdays, weekdaysFull, hourWord, totalWord }: Props) {
  const busiest = Math.max(...hours.flat(), 1);
  const shade = scaleSqrt().domain([0, busiest]).range([0, 46]);
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={caption}>
      <table className={styles.heat}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{hourWord}</span>
            </th>
            {Array.from({ length: 24 }, (_, hour) => (
              <th key={hour} scope="col">
                {hour}
              </th>
            ))}
            <th scope="col">{totalWord}</th>
          </tr>
        </thead>
        <tbody>
          {hours.map((row, day) => (
            <tr key={weekdays[day]}>
              <th scope="row" abbr={weekdaysFull[day]}>
                {weekdays[day]}
              </th>
              {row.map((count, hour) => (
                <td
                  key={`${day.toString()}-${hour.toString()}`}
                  data-zero={count === 0}
                  style={{
                    background:
                      count === 0
                        ? undefined
                        : `color-mix(in srgb, var(--primary) ${Math.max(6, shade(count)).toFixed(0)}%, var(--bar-bg))`,
                  }}
                >
                  {formatNumber(count)}
                </td>
              ))}
              <td className={styles.heatTotal}>{formatNumber(row.reduce((sum, count) => sum + count, 0))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
