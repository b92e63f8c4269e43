import Link from "next/link";
import { CASE_STATUSES } from "@/shared/api/types";
import { formatNumber } from "@/shared/plural";
import { durationText } from "@/shared/durations";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { Sheet } from "@/shared/ui/Page";
import { CardSkeleton } from "@/shared/ui/skeletons";
import { StatusPill } from "@/shared/ui/StatusPill";
import { useDoctorStatistics } from "../doctor-queries";
import styles from "../People.module.css";
import { doctorTexts } from "./texts";

/** How the cases about a doctor end, as far as the viewer may see them. */
export function Outcomes({ doctorId }: { doctorId: string }) {
  const t = doctorTexts.use();
  const statistics = useDoctorStatistics(doctorId);
  const { data } = statistics;
  const href = (filters: Record<string, string>): string =>
    `/cases?${new URLSearchParams({ doctor_id: doctorId, ...filters }).toString()}`;
  // The list of cases below says the same in its own words.
  if (data?.total === 0) return null;
  return (
    <Sheet title={t.statistics}>
      {statistics.isPending ? <CardSkeleton lines={2} /> : null}
      <ErrorNote error={statistics.error} />
      {data ? (
        <>
          <dl className={styles.stats}>
            <div>
              <dt>{t.total}</dt>
              <dd>{formatNumber(data.total)}</dd>
            </div>
            <div>
              <dt>{t.closed}</dt>
              <dd>{formatNumber(data.closed)}</dd>
            </div>
            <div>
              <dt>{t.median}</dt>
              <dd>{durationText(data.median_seconds_to_close)}</dd>
            </div>
          </dl>
          <ul className={styles.outcomes} aria-label={t.outcomes}>
            {CASE_STATUSES.map((status) => (
              <li key={status}>
                <StatusPill status={status} />
                <Link href={href({ status })} prefetch={false} className="numbers">
                  {formatNumber(data.by_status[status] ?? 0)}
                </Link>
              </li>
            ))}
          </ul>
          <ul className={styles.outcomes} aria-label={t.byCategory}>
            {data.by_category.map(({ category, count }) => (
              <li key={category.id}>
                <span>{category.name}</span>
                <Link href={href({ category_id: category.id })} prefetch={false} className="numbers">
                  {formatNumber(count)}
                </Link>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </Sheet>
  );
}
