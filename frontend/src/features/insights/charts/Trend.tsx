import { scaleLinear, scalePoint } from "d3-scale";
import { line } from "d3-shape";
import Link from "next/link";
import { formatNumber } from "@/shared/plural";
import { useElementSize } from "./use-element-size";
import styles from "./Charts.module.css";

export interface TrendDatum {
  key: string;
  label: string;
  short: string;
  registered: number;
  closed: number;
  /** The cases registered then. */
  href: string;
}

interface Props {
  data: TrendDatum[];
  label: string;
  names: { registered: string; closed: string };
}

const MARGIN = { top: 12, right: 14, bottom: 26, left: 40 };
const LABEL_WIDTH = 58;

/** Two lines told apart by stroke and mark, not by colour alone. Each point leads to its cases. */
export function Trend({ data, label, names }: Props) {
  const { ref, width, height } = useElementSize<HTMLDivElement>({ width: 640, height: 220 });
  const x = scalePoint()
    .domain(data.map(({ key }) => key))
    .range([MARGIN.left, width - MARGIN.right])
    .padding(data.length === 1 ? 0.5 : 0.02);
  const highest = Math.max(...data.map((point) => Math.max(point.registered, point.closed)), 1);
  const y = scaleLinear()
    .domain([0, highest])
    .nice(4)
    .range([height - MARGIN.bottom, MARGIN.top]);
  const at = (key: string): number => x(key) ?? 0;
  const path = (field: "registered" | "closed"): string =>
    line<TrendDatum>(
      (point) => at(point.key),
      (point) => y(point[field]),
    )(data) ?? "";
  const ticks = y.ticks(4).filter(Number.isInteger);
  const every = Math.max(1, Math.ceil((data.length * LABEL_WIDTH) / Math.max(width - 60, 1)));
  const step = data.length > 1 ? x.step() : width - MARGIN.left - MARGIN.right;

  return (
    <>
      <div className={styles.legend} aria-hidden>
        <span>
          <svg width="28" height="10">
            <line x1="0" x2="28" y1="5" y2="5" className={styles.registered} />
            <circle cx="14" cy="5" r="3" className={styles.registeredMark} />
          </svg>
          {names.registered}
        </span>
        <span>
          <svg width="28" height="10">
            <line x1="0" x2="28" y1="5" y2="5" className={styles.closed} />
            <rect x="11" y="2" width="6" height="6" className={styles.closedMark} />
          </svg>
          {names.closed}
        </span>
      </div>
      <div ref={ref} className={styles.plot}>
        <svg
          viewBox={`0 0 ${width.toString()} ${height.toString()}`}
          className={styles.trend}
          role="group"
          aria-label={label}
        >
          {ticks.map((tick) => (
            <g key={tick} aria-hidden>
              <line
                x1={MARGIN.left}
                x2={width - MARGIN.right}
                y1={y(tick)}
                y2={y(tick)}
                className={styles.grid}
              />
              <text x={MARGIN.left - 8} y={y(tick)} dy="0.32em" textAnchor="end" className={styles.axis}>
                {formatNumber(tick)}
              </text>
            </g>
          ))}
          <path d={path("closed")} className={styles.closed} aria-hidden />
          <path d={path("registered")} className={styles.registered} aria-hidden />
          {data.map((point, index) => (
            <g key={point.key}>
              {index % every === 0 ? (
                <text
                  x={at(point.key)}
                  y={height - 8}
                  textAnchor="middle"
                  className={styles.axis}
                  aria-hidden
                >
                  {point.short}
                </text>
              ) : null}
              <Link href={point.href} prefetch={false} className={styles.point} aria-label={point.label}>
                <title>{point.label}</title>
                <rect
                  x={at(point.key) - step / 2}
                  y={MARGIN.top}
                  width={step}
                  height={height - MARGIN.top - MARGIN.bottom}
                  className={styles.catch}
                />
                <rect
                  x={at(point.key) - 3}
                  y={y(point.closed) - 3}
                  width="6"
                  height="6"
                  className={styles.closedMark}
                  data-quiet={data.length > 45}
                />
                <circle
                  cx={at(point.key)}
                  cy={y(point.registered)}
                  r="3.5"
                  className={styles.registeredMark}
                  data-quiet={data.length > 45}
                />
              </Link>
            </g>
          ))}
        </svg>
      </div>
    </>
  );
}
