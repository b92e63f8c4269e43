import { defineTexts } from "@/shared/i18n/texts";

const uk = {
  optional: "(за бажанням)",
  nothing: "Нічого схожого. Перевірте написання.",
  freeText: (text: string) => `Немає в списку. Збережеться як введено: «${text}».`,
  names: {
    applicant_phone: "Телефон заявника",
    applicant_name: "Заявник",
    category_id: "Категорія",
    subcategory: "Підкатегорія",
    channel_id: "Канал",
    applicant_email: "Електронна пошта",
    summary: "Суть звернення",
    patient_id: "Пацієнт",
    doctor_id: "Лікар",
  },
  refusedName: "Відмова назвати",
  errors: {
    phone: "Номер закороткий: потрібно щонайменше 9 цифр.",
    phoneLong: "Номер задовгий. Залиште один номер.",
    name: "Вкажіть ім’я заявника або «Відмова назвати» (F2).",
    category: "Виберіть категорію зі списку.",
    channel: "Виберіть канал зі списку.",
    email: "Електронна пошта має бути схожа на name@example.com.",
    summary: "Коротко опишіть суть звернення.",
    long: (limit: string) => `Не більше ніж ${limit} символів.`,
  },
};

const en: typeof uk = {
  optional: "(optional)",
  nothing: "Nothing like that. Check the spelling.",
  freeText: (text) => `Not in the list. It will be saved as typed: “${text}”.`,
  names: {
    applicant_phone: "Applicant’s phone",
    applicant_name: "Applicant",
    category_id: "Category",
    subcategory: "Subcategory",
    channel_id: "Channel",
    applicant_email: "E-mail",
    summary: "Summary",
    patient_id: "Patient",
    doctor_id: "Doctor",
  },
  refusedName: "Відмова назвати",
  errors: {
    phone: "The number is too short: at least 9 digits are needed.",
    phoneLong: "The number is too long. Leave one number.",
    name: "Give the applicant’s name or “Refused to name” (F2).",
    category: "Choose a category from the list.",
    channel: "Choose a channel from the list.",
    email: "The e-mail should look like name@example.com.",
    summary: "Describe the case in short.",
    long: (limit) => `At most ${limit} characters.`,
  },
};

export const fieldTexts = defineTexts(uk, en);
