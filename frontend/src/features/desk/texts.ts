import { defineTexts } from "@/shared/i18n/texts";

const uk = {
  counts: {
    waiting: (counted: string) => `Чекає в черзі: ${counted}`,
    late: (counted: string) => `Прострочено: ${counted}`,
    toClarify: (counted: string) => `Потребує уточнення: ${counted}`,
    toApprove: (counted: string) => `Чекає на підтвердження: ${counted}`,
    failed: (counted: string) => `Не доставлено: ${counted}`,
  },
  version: {
    title: "Вийшла нова версія програми.",
    kept: "Оновіть сторінку, коли зручно: чернетки збережено.",
    reload: "Оновити сторінку",
    later: "Пізніше",
  },
};

const en: typeof uk = {
  counts: {
    waiting: (counted) => `Waiting in the queue: ${counted}`,
    late: (counted) => `Overdue: ${counted}`,
    toClarify: (counted) => `Needs info: ${counted}`,
    toApprove: (counted) => `Waiting for approval: ${counted}`,
    failed: (counted) => `Not delivered: ${counted}`,
  },
  version: {
    title: "A new version of the program is out.",
    kept: "Reload the page when it suits you: drafts are kept.",
    reload: "Reload the page",
    later: "Later",
  },
};

export const deskTexts = defineTexts(uk, en);
