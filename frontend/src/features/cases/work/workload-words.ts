import { durationText } from "@/shared/durations";
import { formatNumber } from "@/shared/plural";
import type { Workload } from "../api/workload";
import { workTexts } from "./texts";

/** «у роботі 7 · без руху 2 · у середньому 2 дн 4 год»: enough to see who has room for one more. */
export function workloadWords({ open, stale, averageSeconds }: Workload): string {
  const t = workTexts.now().workload;
  return [
    t.open(formatNumber(open)),
    stale > 0 ? t.stale(formatNumber(stale)) : null,
    averageSeconds === null ? null : t.average(durationText(averageSeconds)),
  ]
    .filter((part) => part !== null)
    .join(" · ");
}
