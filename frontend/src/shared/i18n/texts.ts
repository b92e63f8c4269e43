import { locale, useLocale, type Locale } from "../preferences";

/** The shape the English texts must have to match the Ukrainian ones: same keys, same parameters. */
export type SameTexts<T> = {
  [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...args: infer A) => string
      ? (...args: A) => string
      : SameTexts<T[K]>;
};

export interface Texts<T> {
  /** For components: follows the language switch. */
  use: () => SameTexts<T>;
  /** For code outside React: the texts of the current language. */
  now: () => SameTexts<T>;
  in: (language: Locale) => SameTexts<T>;
}

/**
 * One feature's words. Ukrainian is the source; English fails to compile while a key is missing.
 * Each feature keeps its own file, so a page loads only the words it shows.
 */
export function defineTexts<T extends object>(uk: T, en: SameTexts<T>): Texts<T> {
  const pick = (language: Locale): SameTexts<T> => (language === "en" ? en : (uk as SameTexts<T>));
  return {
    use: () => pick(useLocale()),
    now: () => pick(locale.get()),
    in: pick,
  };
}
