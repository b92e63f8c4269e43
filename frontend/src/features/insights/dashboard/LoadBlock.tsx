import { counted } from "@/shared/plural";
import { Block } from "../Block";
import { HeatMap } from "../charts/HeatMap";
import styles from "../Insights.module.css";
import type { Dashboard } from "../queries";
import { insightTexts } from "../texts";
import { dashboardTexts } from "./texts";

/** When people write and call: weekday by hour. */
export function LoadBlock({ load }: { load: Dashboard["load"] }) {
  const t = dashboardTexts.use();
  const define = insightTexts.use().define;
  let best = { day: 0, hour: 0, count: 0 };
  load.hours.forEach((row, day) => {
    row.forEach((count, hour) => {
      if (count > best.count) best = { day, hour, count };
    });
  });
  const clock = (hour: number): string => `${hour.toString().padStart(2, "0")}:00`;
  return (
    <Block title={t.load} definition={define.load} width={12}>
      {load.total === 0 ? (
        <p className={styles.nothing}>{t.nothing}</p>
      ) : (
        <>
          <p style={{ margin: "0 0 10px" }}>
            {t.busiest(
              t.weekdaysFull[best.day] ?? "",
              `${clock(best.hour)}–${clock((best.hour + 1) % 24)}`,
              counted(best.count, "cases"),
            )}
          </p>
          <HeatMap
            hours={load.hours}
            caption={t.load}
            weekdays={t.weekdays}
            weekdaysFull={t.weekdaysFull}
            hourWord={t.hour}
            totalWord={t.total}
          />
        </>
      )}
    </Block>
  );
}
