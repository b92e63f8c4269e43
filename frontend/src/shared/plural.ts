import { locale } from "./preferences";

const rules = { uk: new Intl.PluralRules("uk"), en: new Intl.PluralRules("en") };
const formats = { uk: new Intl.NumberFormat("uk-UA"), en: new Intl.NumberFormat("en-GB") };
const NO_BREAK_SPACE = "\u00a0";

/** Forms for 1, for 2-4, for 5 and more (Ukrainian); English uses the first and the last. */
export type Forms = readonly [one: string, few: string, many: string];

/** The form of the word that fits the number, without the number. */
export function pluralForm(count: number, [one, few, many]: Forms, language = locale.get()): string {
  const category = rules[language].select(count);
  if (category === "one") return one;
  return category === "few" ? few : many;
}

/** `1 234 567` with no-break spaces in Ukrainian, `1,234,567` in English. */
export function formatNumber(value: number, language = locale.get()): string {
  return formats[language].format(value).replace(/[\u0020\u202f]/g, NO_BREAK_SPACE);
}

/** Number and word that never part at the end of a line: `5 звернень`. */
export function plural(count: number, forms: Forms, language = locale.get()): string {
  return `${formatNumber(count, language)}${NO_BREAK_SPACE}${pluralForm(count, forms, language)}`;
}

const words = {
  cases: { uk: ["звернення", "звернення", "звернень"], en: ["case", "cases", "cases"] },
  days: { uk: ["день", "дні", "днів"], en: ["day", "days", "days"] },
  hours: { uk: ["година", "години", "годин"], en: ["hour", "hours", "hours"] },
  minutes: { uk: ["хвилина", "хвилини", "хвилин"], en: ["minute", "minutes", "minutes"] },
  seconds: { uk: ["секунда", "секунди", "секунд"], en: ["second", "seconds", "seconds"] },
  /** After «через», «за»: the accusative. */
  secondsIn: { uk: ["секунду", "секунди", "секунд"], en: ["second", "seconds", "seconds"] },
  users: { uk: ["користувач", "користувачі", "користувачів"], en: ["user", "users", "users"] },
  entries: { uk: ["запис", "записи", "записів"], en: ["entry", "entries", "entries"] },
  /** After «до»: the genitive. */
  filesUpTo: { uk: ["файлу", "файлів", "файлів"], en: ["file", "files", "files"] },
  files: { uk: ["файл", "файли", "файлів"], en: ["file", "files", "files"] },
  times: { uk: ["раз", "рази", "разів"], en: ["time", "times", "times"] },
  letters: { uk: ["лист", "листи", "листів"], en: ["letter", "letters", "letters"] },
  unread: { uk: ["непрочитане", "непрочитані", "непрочитаних"], en: ["unread", "unread", "unread"] },
  patients: { uk: ["пацієнт", "пацієнти", "пацієнтів"], en: ["patient", "patients", "patients"] },
  doctors: { uk: ["лікар", "лікарі", "лікарів"], en: ["doctor", "doctors", "doctors"] },
  people: { uk: ["людина", "людини", "людей"], en: ["person", "people", "people"] },
  comments: { uk: ["коментар", "коментарі", "коментарів"], en: ["comment", "comments", "comments"] },
} as const satisfies Record<string, Record<"uk" | "en", Forms>>;

export type CountedWord = keyof typeof words;

/** `counted(4, "days")` → «4 дні». */
export function counted(count: number, word: CountedWord, language = locale.get()): string {
  return plural(count, words[word][language], language);
}
