import { formatNumber } from "./plural";
import { locale } from "./preferences";

const NO_BREAK = "\u00a0";
const words = {
  uk: { day: "дн", hour: "год", minute: "хв", second: "с" },
  en: { day: "d", hour: "h", minute: "min", second: "s" },
};

/** `2 дні 4 год`, `3 год 5 хв`, `12 хв`, `45 с`: two largest units, rounded down. */
export function durationText(seconds: number | null): string {
  if (seconds === null) return "—";
  const t = words[locale.get()];
  const units: [number, string][] = [
    [Math.floor(seconds / 86_400), t.day],
    [Math.floor((seconds % 86_400) / 3600), t.hour],
    [Math.floor((seconds % 3600) / 60), t.minute],
  ];
  const from = units.findIndex(([count]) => count > 0);
  if (from === -1) return `${Math.floor(seconds).toString()}${NO_BREAK}${t.second}`;
  return units
    .slice(from, from + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${formatNumber(count)}${NO_BREAK}${unit}`)
    .join(NO_BREAK);
}
