import { defineTexts } from "../i18n/texts";

const uk = {
  pages: "Сторінки списку",
  page: (number: string) => `Сторінка ${number}`,
  previous: "Попередня сторінка",
  next: "Наступна сторінка",
  beyond: "Такої сторінки у списку вже немає",
  toFirst: "До першої сторінки",
};

const en: typeof uk = {
  pages: "Pages of the list",
  page: (number) => `Page ${number}`,
  previous: "Previous page",
  next: "Next page",
  beyond: "There is no such page in the list any more",
  toFirst: "To the first page",
};

export const tableTexts = defineTexts(uk, en);
