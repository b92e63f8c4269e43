import { defineTexts } from "@/shared/i18n/texts";

const uk = {
  title: "Показники",
  mine: "Мої показники",
  print: "Друк",
  period: {
    label: "Період",
    today: "Сьогодні",
    week: "Тиждень",
    month: "Місяць",
    quarter: "Квартал",
    year: "Рік",
    custom: "Власний",
    range: "Дні власного періоду",
    shown: (days: string, before: string) => `${days}, порівняно з ${before}`,
  },
  change: {
    same: "без змін",
    fromNothing: "було\u00a00",
    times: (counted: string) => `у ${counted} більше`,
    less: "<1",
    points: (n: string) => `${n}\u00a0в.\u00a0п.`,
    up: "більше, ніж раніше",
    down: "менше, ніж раніше",
    before: (value: string) => `було ${value}`,
  },
  explain: (name: string) => `Що означає «${name}»`,
  table: "Показати таблицею",
  emptyPeriod: "За цей період звернень не було",
  emptyPeriodHint: "Виберіть довший період: наприклад, квартал або рік.",
  showYear: "Показати рік",
  figures: {
    total: "Зареєстровано",
    closed: "Закрито",
    overdue: "Прострочені зараз",
  },
  define: {
    total: "Усі звернення, зареєстровані в ці дні, хоч у якому стані вони тепер.",
    status: "Звернення, зареєстровані в ці дні, що мають цей статус тепер.",
    closed:
      "Завершені або відхилені в ці дні, коли б їх не зареєстрували. Відкрите знову рахується в день нового закриття.",
    overdue:
      "Нові звернення, яких ніхто не взяв понад 3 × 24 години. Стан на цю мить, від періоду не залежить.",
    trend: "Скільки звернень зареєстровано і скільки закрито за кожен день; для довгих періодів — за місяць.",
    targets:
      "Цілі лікарні: не менше ніж 90 % звернень узято в роботу за 24 години і не менше ніж 90 % не стали простроченими (взято за 3 × 24 години). Звернення, що ще встигають, не рахуються.",
    distribution: "Звернення, зареєстровані в ці дні, за статусом, який вони мають тепер.",
    categories: "П’ять категорій, у яких за ці дні зареєстровано найбільше звернень.",
    channels: "Звідки надійшли звернення, зареєстровані в ці дні.",
    take: "Від реєстрації до першого взяття в роботу; звернення, які вперше взято в ці дні.",
    close: "Від реєстрації до закриття, яке чинне; звернення, закриті в ці дні.",
    median: "Половина звернень чекала не довше.",
    p90: "Дев’ять із десяти чекали не довше.",
    load: "Звернення, зареєстровані в ці дні, за днем тижня і годиною реєстрації (київський час).",
    executors:
      "«Зараз» — стан на цю мить. «Завершено» — закриті в ці дні звернення, за які людина відповідає; час опрацювання — від першого взяття до закриття. «Прострочені» — у категоріях людини: їх бачить кожен виконавець категорії.",
  },
};

const en: typeof uk = {
  title: "Figures",
  mine: "My figures",
  print: "Print",
  period: {
    label: "Period",
    today: "Today",
    week: "Week",
    month: "Month",
    quarter: "Quarter",
    year: "Year",
    custom: "Custom",
    range: "Days of the custom period",
    shown: (days, before) => `${days}, compared with ${before}`,
  },
  change: {
    same: "no change",
    fromNothing: "0 in the period before",
    times: (counted) => `${counted} as many`,
    less: "<1",
    points: (n) => `${n}\u00a0pp`,
    up: "more than before",
    down: "less than before",
    before: (value) => `was ${value}`,
  },
  explain: (name) => `What “${name}” means`,
  table: "Show as a table",
  emptyPeriod: "No cases in this period",
  emptyPeriodHint: "Choose a longer period: a quarter or a year, say.",
  showYear: "Show the year",
  figures: {
    total: "Registered",
    closed: "Closed",
    overdue: "Overdue now",
  },
  define: {
    total: "All cases registered in these days, whatever their status now.",
    status: "Cases registered in these days that have this status now.",
    closed:
      "Done or rejected in these days, whenever registered. A reopened case counts on the day it is closed again.",
    overdue: "New cases nobody has taken for more than 3 × 24 hours. At this moment, whatever the period.",
    trend: "How many cases were registered and closed each day; each month for long periods.",
    targets:
      "The hospital’s targets: at least 90 % of cases taken within 24 hours and at least 90 % never overdue (taken within 3 × 24 hours). Cases that can still make it do not count.",
    distribution: "Cases registered in these days by the status they have now.",
    categories: "The five categories with the most cases registered in these days.",
    channels: "How the cases registered in these days reached the hospital.",
    take: "From registration to the first taking; cases first taken in these days.",
    close: "From registration to the closing that stands; cases closed in these days.",
    median: "Half of the cases waited no longer.",
    p90: "Nine of ten waited no longer.",
    load: "Cases registered in these days by weekday and hour of registration (Kyiv time).",
    executors:
      "“Now” is this moment. “Done” are cases closed in these days for which the person is responsible; handling runs from the first taking to the closing. “Overdue” are those of the person’s categories: each of their executors has them.",
  },
};

export const insightTexts = defineTexts(uk, en);
