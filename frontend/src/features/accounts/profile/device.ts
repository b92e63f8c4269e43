const BROWSERS: readonly [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/Chrome\/|Chromium\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: readonly [RegExp, string][] = [
  [/iPad/, "iPad"],
  [/iPhone/, "iPhone"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

const match = (userAgent: string, known: readonly [RegExp, string][]): string | undefined =>
  known.find(([pattern]) => pattern.test(userAgent))?.[1];

/** «Chrome, Windows» of a `User-Agent`; a program without a browser's signs is named by its first word. */
export function deviceName(userAgent: string): string | null {
  const parts = [match(userAgent, BROWSERS), match(userAgent, SYSTEMS)].filter(Boolean);
  if (parts.length > 0) return parts.join(", ");
  const [first = ""] = userAgent.split(/[\s/]/);
  return first === "" ? null : first;
}
