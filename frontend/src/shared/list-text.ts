import { locale } from "./preferences";

const joined = {
  uk: new Intl.ListFormat("uk", { type: "unit" }),
  en: new Intl.ListFormat("en-GB", { type: "unit" }),
};

/** «Скарги, Подяки, Інше». */
export const listText = (parts: string[]): string => joined[locale.get()].format(parts);
