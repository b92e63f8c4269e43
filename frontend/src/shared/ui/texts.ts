import { defineTexts } from "../i18n/texts";

const uk = {
  product: "Охматдит · звернення",
  statuses: {
    NEW: "Нове",
    IN_PROGRESS: "В роботі",
    NEEDS_INFO: "Потребує уточнення",
    REJECTED: "Відхилено",
    DONE: "Завершено",
  },
  overdue: "Прострочене",
  overdueAge: (age: string) => `${age} без відповіді`,
  copy: "Скопіювати",
  copied: "Скопійовано",
  copyFailed: "Не вдалося скопіювати. Виділіть текст і натисніть Ctrl+C.",
  call: (phone: string) => `Зателефонувати ${phone}`,
  retry: "Повторити",
  save: "Зберегти",
  cancel: "Скасувати",
  close: "Закрити",
  back: "Назад",
  loading: "Завантаження…",
  found: (counted: string) => `Знайдено: ${counted}`,
  error: {
    title: "Не вдалося показати сторінку",
    network: "Немає зв’язку із сервером",
    requestId: "Номер запиту для служби підтримки",
  },
  forbidden: {
    title: "Сюди у вас немає доступу",
    need: (right: string) => `Потрібне право: ${right}.`,
    ask: "Права надає адміністратор системи. Зверніться до відділу якості.",
    toCases: "До звернень",
  },
  notFound: {
    title: "Такої сторінки немає",
    hint: "Можливо, адресу введено з помилкою або запис видалено. Спробуйте знайти звернення:",
    label: "Номер, заявник або текст звернення",
    search: "Знайти",
  },
  offline:
    "Немає зв’язку із сервером. Введене залишається на екрані; надішліть його, коли зв’язок з’явиться.",
};

const en: typeof uk = {
  product: "Okhmatdyt · cases",
  statuses: {
    NEW: "New",
    IN_PROGRESS: "In progress",
    NEEDS_INFO: "Needs info",
    REJECTED: "Rejected",
    DONE: "Done",
  },
  overdue: "Overdue",
  overdueAge: (age) => `${age} without an answer`,
  copy: "Copy",
  copied: "Copied",
  copyFailed: "Could not copy. Select the text and press Ctrl+C.",
  call: (phone) => `Call ${phone}`,
  retry: "Try again",
  save: "Save",
  cancel: "Cancel",
  close: "Close",
  back: "Back",
  loading: "Loading…",
  found: (counted) => `Found: ${counted}`,
  error: {
    title: "The page could not be shown",
    network: "No connection to the server",
    requestId: "Request number for support",
  },
  forbidden: {
    title: "You have no access here",
    need: (right) => `Required right: ${right}.`,
    ask: "Rights are granted by the system administrator. Ask the quality department.",
    toCases: "To the cases",
  },
  notFound: {
    title: "There is no such page",
    hint: "The address may be mistyped, or the entry was deleted. Try to find the case:",
    label: "Number, applicant or text of the case",
    search: "Find",
  },
  offline: "No connection to the server. What you typed stays here; send it when the connection is back.",
};

export const uiTexts = defineTexts(uk, en);
