import { defineTexts } from "../i18n/texts";

const uk = {
  network: "Немає зв’язку із сервером. Усе введене збережено на екрані, повторіть дію за хвилину.",
  unexpected: "Щось пішло не так. Оновіть сторінку і повторіть.",
  byStatus: (status: number): string => {
    if (status === 401) return "Сеанс завершено. Увійдіть ще раз.";
    if (status === 403) return "На цю дію немає прав.";
    if (status === 404) return "Такого запису немає, або його не видно з вашими правами.";
    if (status === 409 || status === 412) return "Дані тим часом змінив хтось інший.";
    if (status === 413) return "Файл або запит завеликий.";
    if (status === 422) return "Перевірте заповнення полів.";
    if (status === 429) return "Забагато запитів. Зачекайте трохи і повторіть.";
    if (status >= 500) return "Сервер зараз не може відповісти. Повторіть за хвилину.";
    return "Дію не виконано.";
  },
};

const en: typeof uk = {
  network: "No connection to the server. What you typed is still here; try again in a minute.",
  unexpected: "Something went wrong. Reload the page and try again.",
  byStatus: (status) => {
    if (status === 401) return "Your session is over. Sign in again.";
    if (status === 403) return "You have no right to do this.";
    if (status === 404) return "There is no such entry, or your rights do not show it.";
    if (status === 409 || status === 412) return "Somebody else changed this in the meantime.";
    if (status === 413) return "The file or the request is too large.";
    if (status === 422) return "Check the fields.";
    if (status === 429) return "Too many requests. Wait a little and try again.";
    if (status >= 500) return "The server cannot answer now. Try again in a minute.";
    return "The action was not carried out.";
  },
};

export const apiTexts = defineTexts(uk, en);
