import { locale, type Locale } from "@/shared/preferences";

/** What somebody without the right wanted to do, by the address he asked; `$1` is the number or id in it. */
interface Wish {
  /** Any method when absent. */
  method?: string;
  path: RegExp;
  words: Record<Locale, string>;
  /** Where the thing can be looked at. */
  href?: string;
}

const ONE = "([^/]+)";
const wish = (methods: string, path: string, uk: string, en: string, href?: string): Wish => ({
  ...(methods === "*" ? {} : { method: methods }),
  path: new RegExp(`^/api/${path}$`),
  words: { uk, en },
  ...(href ? { href } : {}),
});
const CASE = "/cases/$1";

// The first that fits counts: what is narrower stands above what is wider.
const WISHES: readonly Wish[] = [
  wish("*", "cases/export", "вивантажити список звернень", "export the list of cases"),
  wish("POST", "cases", "зареєструвати звернення", "register a case"),
  wish("*", "cases(?:/my|/assigned)?", "список звернень", "list of cases"),
  wish("*", `cases/${ONE}/take`, "звернення $1: взяти в роботу", "case $1: take", CASE),
  wish("*", `cases/${ONE}/status`, "звернення $1: змінити статус", "case $1: change the status", CASE),
  wish("*", `cases/${ONE}/assign`, "звернення $1: призначити", "case $1: assign", CASE),
  wish("POST", `cases/${ONE}/comments`, "звернення $1: написати коментар", "case $1: comment", CASE),
  wish("GET", `cases/${ONE}/comments`, "звернення $1: коментарі", "case $1: comments", CASE),
  wish("PATCH", `cases/${ONE}`, "звернення $1: змінити поля", "case $1: edit", CASE),
  wish("*", `cases/${ONE}`, "звернення $1: переглянути", "case $1: look at", CASE),
  wish("POST", `attachments/cases/${ONE}/upload`, "звернення $1: додати файли", "case $1: add files", CASE),
  wish("*", `attachments/cases/${ONE}`, "звернення $1: файли", "case $1: files", CASE),
  wish("DELETE", `attachments/${ONE}`, "видалити файл", "delete a file"),
  wish("*", `attachments/${ONE}`, "завантажити файл", "download a file"),
  wish("*", `patients/${ONE}/merge`, "пацієнт: об’єднати картки", "patient: merge cards"),
  wish("*", `patients/${ONE}/unmerge`, "пацієнт: скасувати об’єднання", "patient: undo the merge"),
  wish("*", `patients/${ONE}/anonymise`, "пацієнт: знеособити", "patient: anonymise"),
  wish("*", `patients/${ONE}/export`, "пацієнт: вивантажити дані", "patient: export the data"),
  wish("*", "patients(?:/.*)?", "пацієнти", "patients"),
  wish("*", "doctors(?:/.*)?", "лікарі", "doctors"),
  wish("*", `users/${ONE}/category-access.*`, "користувач: доступ до категорій", "user: category access"),
  wish("*", `users/${ONE}/sessions.*`, "користувач: сеанси", "user: sessions"),
  wish("*", `users/${ONE}/reset-password`, "користувач: скинути пароль", "user: reset the password"),
  wish("*", "users(?:/.*)?", "користувачі", "users"),
  wish("*", "categories/[^/]+/subcategories.*", "підкатегорії", "subcategories"),
  wish("*", "categories(?:/.*)?", "категорії", "categories"),
  wish("*", "channels(?:/.*)?", "канали", "channels"),
  wish("*", `notifications/${ONE}/resend`, "надіслати лист ще раз", "send a letter again"),
  wish("*", "notifications/log", "надсилання листів", "delivery of letters"),
  wish("*", "notifications(?:/.*)?", "сповіщення", "notifications"),
  wish("*", "(?:dashboard|insights).*", "показники", "figures"),
  wish("*", "audit.*", "журнал", "journal"),
  wish("*", "jobs", "завдання системи", "the system’s jobs"),
  wish("*", "alarms", "несправності системи", "the system’s alarms"),
  wish("*", "limits", "обмеження системи", "the system’s limits"),
];

/** A refused request in words, and where its object can be looked at. What fits nothing is shown as its address. */
export function wishOf(method: unknown, path: string): { words: string; href: string | null } {
  for (const one of WISHES) {
    const found = (one.method ?? method) === method ? one.path.exec(path) : null;
    if (!found) continue;
    const [, id = ""] = found;
    // People know a case by its number; an id among words helps nobody.
    const isNumber = /^\d{6}$/.test(id);
    const words = one.words[locale.get()].replace(" $1", isNumber ? ` ${id}` : "");
    return { words, href: one.href ? one.href.replace("$1", id) : null };
  }
  return { words: path, href: null };
}
