import { defineTexts } from "@/shared/i18n/texts";

const uk = {
  title: "Нове звернення",
  who: "Хто звертається",
  what: "Про що",
  refuse: "Відмова назвати",
  summaryHint: "Що сталося, коли, у якому відділенні, чого просить заявник. Enter — новий рядок.",
  subcategoryHint: "Зі списку або своїми словами",
  save: "Зареєструвати",
  saving: "Реєструємо…",
  keys: {
    next: "далі",
    refuse: "відмова назвати",
    save: "зареєструвати",
  },
  savedDraft: (time: string) => `Чернетку збережено ${time}`,
  restored: (time: string) => `Відновлено чернетку від ${time}`,
  discard: "Почати спочатку",
  discarded: "Чернетку прибрано",
  fixFields: "Дещо треба виправити",
  noDirectories: "Категорії й канали не завантажилися",
  keyReused:
    "Попередня спроба вже дійшла до сервера, і після неї ви змінили звернення. Перевірте у списку, чи його не створено. Якщо ні, збережіть ще раз.",
  toList: "Перевірити у списку",
  asNew: "Зберегти як нове",
  lostAnswer:
    "Відповідь сервера не надійшла. Натисніть «Зареєструвати» ще раз: друге звернення не створиться.",
  expired: "Сеанс завершено. Увійдіть ще раз і натисніть «Зареєструвати»: усе введене на місці.",
  done: "Звернення зареєстровано",
  tell: "Продиктуйте номер заявникові:",
  copyNumber: "Скопіювати номер",
  another: "Ще одне",
  open: "Відкрити звернення",
};

const en: typeof uk = {
  title: "New case",
  who: "Who is calling",
  what: "What about",
  refuse: "Refused to name",
  summaryHint:
    "What happened, when, in which department, what the applicant asks for. Enter makes a new line.",
  subcategoryHint: "From the list or in your own words",
  save: "Register",
  saving: "Registering…",
  keys: {
    next: "next",
    refuse: "refused to name",
    save: "register",
  },
  savedDraft: (time) => `Draft kept at ${time}`,
  restored: (time) => `The draft of ${time} is restored`,
  discard: "Start afresh",
  discarded: "The draft is removed",
  fixFields: "Some fields need attention",
  noDirectories: "Categories and channels were not loaded",
  keyReused:
    "The previous attempt has reached the server, and you changed the case after it. See in the list whether it was created. If not, save once more.",
  toList: "Look in the list",
  asNew: "Save as new",
  lostAnswer: "The server’s answer did not arrive. Press “Register” again: no second case will be created.",
  expired: "Your session is over. Sign in again and press “Register”: everything typed is in place.",
  done: "The case is registered",
  tell: "Dictate the number to the applicant:",
  copyNumber: "Copy the number",
  another: "Another one",
  open: "Open the case",
};

export const registerTexts = defineTexts(uk, en);
