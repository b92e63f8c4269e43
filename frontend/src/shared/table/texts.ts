import { defineTexts } from "../i18n/texts";

const uk = {
  pages: "Сторінки списку",
  page: (number: string) => `Сторінка ${number}`,
  previous: "Попередня сторінка",
  next: "Наступна сторінка",
};

const en: typeof uk = {
  pages: "Pages of the list",
  page: (number) => `Page ${number}`,
  previous: "Previous page",
  next: "Next page",
};

export const tableTexts = defineTexts(uk, en);
