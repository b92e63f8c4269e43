import { counted, formatNumber } from "@/shared/plural";
import { insightTexts } from "./texts";

/** `none`: there is nothing to compare with, so it went neither way. */
export type Direction = "up" | "down" | "same" | "none";

export interface Change {
  direction: Direction;
  /** «+25 %», «−8 %», «у 5 разів більше». */
  words: string;
  /** Whether saying what it was adds anything: after nothing, and without a change, it does not. */
  hasBefore: boolean;
}

const NO_BREAK = "\u00a0";

/** How a figure stands against the one before, in words that are true also for zeroes and huge growth. */
export function changeOf(now: number, before: number): Change {
  const t = insightTexts.now().change;
  if (now === before) return { direction: "same", words: t.same, hasBefore: false };
  if (before === 0) return { direction: "none", words: t.fromNothing, hasBefore: false };
  const direction = now > before ? "up" : "down";
  const percent = ((now - before) / before) * 100;
  if (percent >= 300)
    return { direction, words: t.times(counted(Math.round(now / before), "times")), hasBefore: true };
  // Less than half a percent is a change still: never «+0 %».
  const rounded = Math.abs(percent) < 1 ? t.less : formatNumber(Math.round(Math.abs(percent)));
  return { direction, words: `${direction === "up" ? "+" : "−"}${rounded}${NO_BREAK}%`, hasBefore: true };
}

/** A change between two shares, in percentage points. */
export function pointsOf(now: number | null, before: number | null): Change | null {
  if (now === null || before === null) return null;
  const t = insightTexts.now().change;
  const points = Math.round(now * 1000) / 10 - Math.round(before * 1000) / 10;
  if (Math.abs(points) < 0.05) return { direction: "same", words: t.same, hasBefore: false };
  const words = t.points(formatNumber(Math.abs(Math.round(points * 10) / 10)));
  return points > 0
    ? { direction: "up", words: `+${words}`, hasBefore: true }
    : { direction: "down", words: `−${words}`, hasBefore: true };
}

/** `39,1 %`; never rounded up to a goal that is not reached, nor down to nothing. */
export function percentText(share: number | null): string {
  if (share === null) return "—";
  const tenths = Math.floor(share * 1000 + 1e-9) / 10;
  return `${formatNumber(tenths)}${NO_BREAK}%`;
}

export { durationText } from "@/shared/durations";
