import { defineTexts } from "@/shared/i18n/texts";

const uk = {
  label: "Пошук усюди",
  hint: "Номер, заявник, телефон, слова звернення",
  results: "Знайдене",
  everything: (words: string) => `Шукати «${words}» у зверненнях`,
  open: "відкрити звернення з цим номером",
  groups: { cases: "Звернення", patients: "Пацієнти", doctors: "Лікарі", sections: "Перейти до" },
  keys: "Клавіші",
  nothing: "Нічого не знайдено. Спробуйте коротше слово або інше написання.",
  failed: "Не вдалося пошукати. Натисніть Enter, щоб спробувати у списку.",
  howTo: "↑ ↓ — вибрати, Enter — відкрити, Esc — закрити",
};

const en: typeof uk = {
  label: "Search everywhere",
  hint: "Number, applicant, phone, words of the case",
  results: "Found",
  everything: (words) => `Search “${words}” in cases`,
  open: "open the case of this number",
  groups: { cases: "Cases", patients: "Patients", doctors: "Doctors", sections: "Go to" },
  keys: "Keys",
  nothing: "Nothing found. Try a shorter word or another spelling.",
  failed: "The search failed. Press Enter to try it in the list.",
  howTo: "↑ ↓ choose, Enter opens, Esc closes",
};

export const searchTexts = defineTexts(uk, en);
