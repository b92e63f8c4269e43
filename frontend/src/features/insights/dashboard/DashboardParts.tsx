import styles from "../Insights.module.css";
import type { Dashboard } from "../queries";
import { ByStatus, Channels, TopCategories } from "./Distributions";
import { ExecutorsBlock } from "./ExecutorsBlock";
import { LoadBlock } from "./LoadBlock";
import { OverdueBlock } from "./OverdueBlock";
import { Targets } from "./Targets";
import { TimingBlock } from "./TimingBlock";
import { TrendBlock } from "./TrendBlock";

/** In an empty period only what is true of this moment is worth its place. */
export function DashboardParts({ data, isEmpty }: { data: Dashboard; isEmpty: boolean }) {
  return (
    <div className={styles.grid}>
      {isEmpty ? null : (
        <>
          <TrendBlock summary={data.summary} />
          <ByStatus data={data.status_distribution} />
          <Targets targets={data.summary.targets} />
          <TimingBlock timing={data.timing} />
        </>
      )}
      <OverdueBlock overdue={data.overdue} />
      {isEmpty ? null : (
        <>
          <TopCategories data={data.categories} />
          <LoadBlock load={data.load} />
          <Channels data={data.channels} />
        </>
      )}
      <ExecutorsBlock executors={data.executors} />
    </div>
  );
}
