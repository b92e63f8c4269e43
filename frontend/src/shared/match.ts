/** The keys of the English layout under the Ukrainian letters: «cthdsc» typed with the wrong layout is «сервіс». */
const LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const CYRILLIC = "'йцукенгшщзхїфівапролджєячсмитьбю";
const TO_CYRILLIC = new Map([...LATIN].map((key, index) => [key, [...CYRILLIC][index] ?? key]));

const fold = (text: string): string =>
  text
    .normalize("NFC")
    .toLocaleLowerCase("uk")
    .replace(/[’ʼ`'"«»]/g, "")
    .replace(/ґ/g, "г")
    .replace(/[\s\-–—/,.()]+/g, " ")
    .trim();

const swapLayout = (text: string): string =>
  [...text.toLocaleLowerCase("en")].map((key) => TO_CYRILLIC.get(key) ?? key).join("");

/** Whether two words differ by at most one wrong, missing, extra letter or two swapped ones. */
function differsByOne(a: string, b: string): boolean {
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i += 1;
  const [restA, restB] = [a.slice(i), b.slice(i)];
  const areSwapped = a[i] === b[i + 1] && a[i + 1] === b[i];
  if (areSwapped && restA.slice(2) === restB.slice(2)) return true;
  return restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1);
}

/** A word that begins with what was typed but for one slip; only when enough was typed to tell. */
const nearlyStarts = (word: string, typed: string): boolean =>
  typed.length >= 4 &&
  [typed.length, typed.length - 1, typed.length + 1].some((length) =>
    differsByOne(word.slice(0, length), typed),
  );

function score(name: string, typed: string): number {
  if (typed === "") return 1;
  if (name === typed) return 6;
  if (name.startsWith(typed)) return 5;
  const words = name.split(" ");
  const parts = typed.split(" ");
  if (parts.every((part) => words.some((word) => word.startsWith(part)))) return 4;
  if (name.includes(typed)) return 3;
  if (parts.every((part) => words.some((word) => word.startsWith(part) || nearlyStarts(word, part))))
    return 2;
  return 0;
}

/** How well a name fits what was typed so far; 0 is "not at all". Forgives case, apostrophes, one slip, the layout. */
export function fit(name: string, typed: string): number {
  const folded = fold(name);
  return Math.max(score(folded, fold(typed)), score(folded, fold(swapLayout(typed))) - 0.5, 0);
}

export const matches = (name: string, typed: string): boolean => fit(name, typed) > 0;

/** The entries that fit, best first; equal ones keep their (alphabetical) order. */
export function bestMatches<T>(entries: readonly T[], typed: string, nameOf: (entry: T) => string): T[] {
  return entries
    .map((entry, index) => ({ entry, index, points: fit(nameOf(entry), typed) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points || a.index - b.index)
    .map(({ entry }) => entry);
}
