import { defineTexts } from "@/shared/i18n/texts";

const uk = {
  now: "Зараз",
  inPeriod: "За період",
  overdue: "Прострочені в моїх категоріях",
  nothing: "Закритих звернень немає ні за цей, ні за попередній період",
  nothingNow: (before: string) => `За цей період закритих звернень ще немає; за попередній\u00a0— ${before}`,
  nothingBefore: "За попередній період закритих звернень немає",
  define: {
    inProgress: "Звернення, за які ви відповідаєте і які зараз у роботі.",
    needsInfo: "Ваші звернення, що чекають на уточнення.",
    stale: (days: string) => `Ваші відкриті звернення без зміни статусу понад ${days}.`,
    overdue: (days: string) => `Нові звернення ваших категорій, яких ніхто не взяв понад ${days}.`,
    done: "Завершені в ці дні звернення, за які ви відповідаєте.",
    rejected: "Відхилені в ці дні звернення, за які ви відповідаєте.",
    median: "Половину звернень ви закрили не довше ніж за цей час від першого взяття в роботу.",
    average: "Середній час від першого взяття в роботу до закриття.",
  },
};

const en: typeof uk = {
  now: "Now",
  inPeriod: "In the period",
  overdue: "Overdue in my categories",
  nothing: "Nothing closed in this period or the one before",
  nothingNow: (before) => `Nothing closed in this period yet; the one before: ${before}`,
  nothingBefore: "Nothing closed in the period before",
  define: {
    inProgress: "Cases you are responsible for that are in progress.",
    needsInfo: "Your cases waiting for information.",
    stale: (days) => `Your open cases without a change of status for more than ${days}.`,
    overdue: (days) => `New cases of your categories nobody has taken for more than ${days}.`,
    done: "Cases you are responsible for that were done in these days.",
    rejected: "Cases you are responsible for that were rejected in these days.",
    median: "Half of the cases you closed no longer than this after they were first taken.",
    average: "Mean time from the first taking to the closing.",
  },
};

export const myTexts = defineTexts(uk, en);
