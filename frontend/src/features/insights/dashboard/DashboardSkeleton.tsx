import { Skeleton } from "antd";
import { uiTexts } from "@/shared/ui/texts";
import styles from "../Insights.module.css";

const WIDTHS = [8, 4, 6, 6] as const;

/** The outline of the dashboard while its figures are on their way. */
export function DashboardSkeleton() {
  const t = uiTexts.use();
  return (
    <div aria-busy="true">
      <span className="visually-hidden" role="status">
        {t.loading}
      </span>
      <div className={styles.figures}>
        {Array.from({ length: 8 }, (_, index) => (
          <div key={index} className={styles.figure}>
            <Skeleton title={{ width: "60%" }} paragraph={{ rows: 1, width: "40%" }} />
          </div>
        ))}
      </div>
      <PartsSkeleton />
    </div>
  );
}

/** The outline of what stands below the figures. */
export function PartsSkeleton() {
  return (
    <div className={styles.grid} aria-hidden>
      {WIDTHS.map((width, index) => (
        <div key={index} className={styles.block} data-width={width}>
          <Skeleton paragraph={{ rows: 5 }} />
        </div>
      ))}
    </div>
  );
}
