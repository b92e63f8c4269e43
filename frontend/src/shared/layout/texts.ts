import { defineTexts } from "../i18n/texts";

const uk = {
  skip: "Перейти до вмісту",
  sections: "Розділи",
  cases: "Звернення",
  newCase: "Нове звернення",
  dashboard: "Показники",
  myFigures: "Мої показники",
  patients: "Пацієнти",
  doctors: "Лікарі",
  management: "Керування",
  users: "Користувачі",
  journal: "Журнал",
  delivery: "Доставка листів",
  directories: "Довідники",
  categories: "Категорії",
  channels: "Канали",
  profile: "Профіль",
  fold: "Згорнути меню",
  unfold: "Розгорнути меню",
  menu: "Меню",
  person: (name: string) => `Меню користувача: ${name}`,
  changePassword: "Змінити пароль",
  theme: "Тема",
  themes: { light: "Світла", dark: "Темна", system: "Як у системі" },
  language: "Мова",
  signOut: "Вийти",
  hospital: "Охматдит",
};

const en: typeof uk = {
  skip: "Skip to content",
  sections: "Sections",
  cases: "Cases",
  newCase: "New case",
  dashboard: "Figures",
  myFigures: "My figures",
  patients: "Patients",
  doctors: "Doctors",
  management: "Management",
  users: "Users",
  journal: "Journal",
  delivery: "Delivery of letters",
  directories: "Directories",
  categories: "Categories",
  channels: "Channels",
  profile: "Profile",
  fold: "Fold the menu",
  unfold: "Unfold the menu",
  menu: "Menu",
  person: (name) => `Person menu: ${name}`,
  changePassword: "Change password",
  theme: "Theme",
  themes: { light: "Light", dark: "Dark", system: "As the system" },
  language: "Language",
  signOut: "Sign out",
  hospital: "Okhmatdyt",
};

export const layoutTexts = defineTexts(uk, en);

/** Each language under its own name, so that it is found by whoever cannot read the current one. */
export const LANGUAGES = { uk: "Українська", en: "English" } as const;
