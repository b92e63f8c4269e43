import { defineTexts } from "../i18n/texts";

const uk = {
  rights: {
    "cases.register": "реєструвати звернення",
    "cases.see_own": "бачити зареєстровані вами звернення",
    "cases.see_category": "бачити звернення своїх категорій",
    "cases.see_all": "бачити всі звернення",
    "users.manage": "керувати користувачами",
    "directories.manage": "керувати довідниками",
    "audit.read": "читати журнал аудиту",
    "insights.read": "бачити показники",
  },
  roles: { OPERATOR: "Оператор", EXECUTOR: "Виконавець", ADMIN: "Адміністратор" },
};

const en: typeof uk = {
  rights: {
    "cases.register": "register cases",
    "cases.see_own": "see the cases you registered",
    "cases.see_category": "see the cases of your categories",
    "cases.see_all": "see all cases",
    "users.manage": "manage users",
    "directories.manage": "manage directories",
    "audit.read": "read the audit journal",
    "insights.read": "see the figures",
  },
  roles: { OPERATOR: "Operator", EXECUTOR: "Executor", ADMIN: "Administrator" },
};

export const sessionTexts = defineTexts(uk, en);
