import { locale, type Locale } from "./preferences";
import { counted } from "./plural";

const ZONE = "Europe/Kyiv";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Moment = string | number | Date;

const parts = new Intl.DateTimeFormat("uk-UA", {
  timeZone: ZONE,
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

function pieces(moment: Moment | null | undefined): Record<string, string> | null {
  if (moment === null || moment === undefined) return null;
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return null;
  return Object.fromEntries(parts.formatToParts(date).map((part) => [part.type, part.value]));
}

/** `22.11.2026` in Kyiv, whatever the computer's own zone; «—» when there is no date. */
export function formatDate(moment: Moment | null | undefined): string {
  const p = pieces(moment);
  return p ? `${p.day ?? ""}.${p.month ?? ""}.${p.year ?? ""}` : "—";
}

/** `12:03` in Kyiv. */
export function formatTime(moment: Moment | null | undefined): string {
  const p = pieces(moment);
  return p ? `${p.hour ?? ""}:${p.minute ?? ""}` : "—";
}

/** `22.11.2026 12:03` in Kyiv, kept on one line. */
export function formatDateTime(moment: Moment | null | undefined): string {
  return !pieces(moment) ? "—" : `${formatDate(moment)}\u00a0${formatTime(moment)}`;
}

const words = {
  uk: { now: "щойно", ago: (age: string) => `${age} тому`, min: "хв", hour: "год" },
  en: { now: "just now", ago: (age: string) => `${age} ago`, min: "min", hour: "h" },
};

/** How long since: «5 хв», «3 год», «4 дні»; a moment in the future (a clock set wrong) counts as now. */
export function formatAge(moment: Moment, now: number = Date.now(), language: Locale = locale.get()): string {
  const passed = now - new Date(moment).getTime();
  if (passed < MINUTE) return words[language].now;
  if (passed < HOUR) return `${Math.floor(passed / MINUTE).toString()}\u00a0${words[language].min}`;
  if (passed < DAY) return `${Math.floor(passed / HOUR).toString()}\u00a0${words[language].hour}`;
  return counted(Math.floor(passed / DAY), "days", language);
}

/** «щойно», «5 хв тому», «4 дні тому». */
export function formatRelative(moment: Moment, now: number = Date.now(), language = locale.get()): string {
  const age = formatAge(moment, now, language);
  return age === words[language].now ? age : words[language].ago(age);
}

/** Minutes and seconds of a countdown: `1:05`. */
export function formatCountdown(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60).toString()}:${(whole % 60).toString().padStart(2, "0")}`;
}
