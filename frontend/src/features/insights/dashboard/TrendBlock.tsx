import { counted, formatNumber } from "@/shared/plural";
import { Block } from "../Block";
import { AsTable } from "../charts/AsTable";
import { Trend } from "../charts/Trend";
import { registeredHref } from "../links";
import { dayText, rangeText } from "../period";
import type { Summary, TrendPoint } from "../queries";
import { insightTexts } from "../texts";
import { dashboardTexts } from "./texts";

/** `22.11` for a day, `11.2026` for a month. */
const shortLabel = (point: TrendPoint, grain: Summary["trend_grain"]): string =>
  grain === "day" ? dayText(point.start).slice(0, 5) : dayText(point.start).slice(3);

export function TrendBlock({ summary }: { summary: Summary }) {
  const t = dashboardTexts.use();
  const define = insightTexts.use().define;
  const grain = summary.trend_grain;
  const sum = (field: "registered" | "closed"): number =>
    summary.trend.reduce((total, point) => total + point[field], 0);
  const peak = summary.trend.reduce<TrendPoint | null>(
    (best, point) => (!best || point.registered > best.registered ? point : best),
    null,
  );
  const said = t.trendSaid(
    formatNumber(sum("registered")),
    formatNumber(sum("closed")),
    peak ? `${rangeText(peak.start, peak.end)}: ${counted(peak.registered, "cases")}` : "—",
  );
  const data = summary.trend.map((point) => ({
    key: point.start,
    label: `${rangeText(point.start, point.end)}: ${t.registered} ${formatNumber(point.registered)}, ${t.closed} ${formatNumber(point.closed)}`,
    short: shortLabel(point, grain),
    registered: point.registered,
    closed: point.closed,
    href: registeredHref({ period_start: point.start, period_end: point.end }),
  }));
  return (
    <Block title={t.trend} definition={define.trend} width={8}>
      <Trend data={data} label={said} names={{ registered: t.registered, closed: t.closed }} />
      <AsTable
        caption={t.trend}
        columns={[grain === "day" ? t.day : t.month, t.registered, t.closed]}
        rows={summary.trend.map((point) => ({
          key: point.start,
          cells: [
            grain === "day" ? dayText(point.start) : rangeText(point.start, point.end),
            formatNumber(point.registered),
            formatNumber(point.closed),
          ],
        }))}
      />
    </Block>
  );
}
