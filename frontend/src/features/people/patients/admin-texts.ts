import { defineTexts } from "@/shared/i18n/texts";

const uk = {
  more: "Дії з карткою",
  export: "Вивантажити дані (JSON)",
  exported: "Файл збережено. Вивантаження записано в журнал.",
  merge: {
    action: "Об’єднати з дублікатом…",
    title: "Об’єднати картки",
    pick: "Знайдіть другу картку цієї ж людини",
    field: "Поле",
    stays: "залишиться",
    goes: "буде приєднано",
    what: (stays: string, goes: string) =>
      `Залишиться картка «${stays}». Звернення, представники і дані картки «${goes}» перейдуть до неї; порожні поля заповняться, нічого не зникне. Об’єднання можна скасувати.`,
    submit: "Об’єднати",
    done: "Картки об’єднано",
    swap: "Навпаки",
    differ: "відрізняється",
  },
  merged: {
    title: "Приєднані картки",
    undo: "Скасувати об’єднання",
    when: (when: string) => `об’єднано ${when}`,
    undoTitle: (name: string) => `Відокремити картку «${name}»?`,
    undoText: "Картка знову стане окремою, її звернення і представники повернуться до неї.",
    undone: "Об’єднання скасовано",
  },
  anonymise: {
    action: "Знеособити…",
    title: "Знеособити дані пацієнта",
    what: "Назавжди зникнуть ім’я, контакти, представники, примітки, приєднані картки, а в закритих зверненнях — слова і файли про людину. Дати, статуси й категорії залишаться, тому показники не зміняться.",
    irreversible: "Скасувати це неможливо.",
    type: (word: string) => `Щоб підтвердити, введіть: ${word}`,
    submit: "Знеособити назавжди",
    done: "Дані знеособлено",
  },
};

const en: typeof uk = {
  more: "Actions on the card",
  export: "Export the data (JSON)",
  exported: "The file is saved. The export is written into the journal.",
  merge: {
    action: "Merge with a duplicate…",
    title: "Merge cards",
    pick: "Find the other card of the same person",
    field: "Field",
    stays: "stays",
    goes: "is merged in",
    what: (stays, goes) =>
      `The card “${stays}” stays. Cases, guardians and data of “${goes}” move to it; empty fields are filled, nothing is lost. The merge can be undone.`,
    submit: "Merge",
    done: "The cards are merged",
    swap: "The other way round",
    differ: "differs",
  },
  merged: {
    title: "Merged cards",
    undo: "Undo the merge",
    when: (when) => `merged ${when}`,
    undoTitle: (name) => `Separate the card “${name}”?`,
    undoText: "It becomes a card of its own again, with its cases and guardians.",
    undone: "The merge is undone",
  },
  anonymise: {
    action: "Anonymise…",
    title: "Anonymise the patient’s data",
    what: "Name, contacts, guardians, notes, merged cards, and in closed cases every word and file about the person disappear for good. Dates, statuses and categories stay, so no figure changes.",
    irreversible: "This cannot be undone.",
    type: (word) => `To confirm, type: ${word}`,
    submit: "Anonymise for good",
    done: "The data is anonymised",
  },
};

export const patientAdminTexts = defineTexts(uk, en);
