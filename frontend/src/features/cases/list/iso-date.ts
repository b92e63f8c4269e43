/** `2026-11-22` for «22.11.2026», «22.11.26», «1/2/2026»; null when it is no day of the calendar. */
export function isoDate(text: string): string | null {
  const match = /^(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{2}|\d{4})$/.exec(text.trim());
  if (!match) return null;
  const [day, month, short] = match.slice(1).map(Number) as [number, number, number];
  const year = short < 100 ? 2000 + short : short;
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1900 && year < 2200;
  return isReal ? date.toISOString().slice(0, 10) : null;
}
