import { defineTexts } from "@/shared/i18n/texts";

const uk = {
  patient: {
    placeholder: "Ім’я, телефон або номер картки",
    nothing: "Нікого не знайдено",
    type: "Почніть вводити ім’я або телефон",
  },
  doctor: {
    placeholder: "Прізвище, спеціальність або відділення",
    nothing: "Такого лікаря немає",
  },
  caller: {
    title: "Можливо, це",
    child: "пацієнт",
    link: "Пов’язати",
    linked: "Пов’язано",
    create: "Нова картка пацієнта",
    fill: "Підставити дані",
    noCases: "ще не звертались",
    byGuardian: (who: string) => `представник: ${who}`,
    keys: "F3 — пов’язати",
    keysMany: "F3 — вибрати, Enter — пов’язати",
    panel: "Нова картка пацієнта",
    more: (count: string) => `усього ${count}`,
    failed: "Не вдалося перевірити, чи ця людина вже зверталась.",
  },
};

const en: typeof uk = {
  patient: {
    placeholder: "Name, phone or record number",
    nothing: "Nobody found",
    type: "Type a name or a phone",
  },
  doctor: {
    placeholder: "Surname, specialty or department",
    nothing: "There is no such doctor",
  },
  caller: {
    title: "This may be",
    child: "patient",
    link: "Link",
    linked: "Linked",
    create: "New patient’s card",
    fill: "Fill in",
    noCases: "no cases yet",
    byGuardian: (who) => `guardian: ${who}`,
    keys: "F3 links",
    keysMany: "F3 chooses, Enter links",
    panel: "New patient’s card",
    more: (count) => `${count} in all`,
    failed: "Could not check whether this person has turned to us before.",
  },
};

export const pickTexts = defineTexts(uk, en);
