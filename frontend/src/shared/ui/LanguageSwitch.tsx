import { locale, useLocale } from "../preferences";
import { LANGUAGES } from "../layout/texts";
import styles from "./LanguageSwitch.module.css";

/** Both languages side by side, each under its own name. */
export function LanguageSwitch() {
  const current = useLocale();
  return (
    <div className={styles.switch} role="group" aria-label="Мова / Language">
      {(["uk", "en"] as const).map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={current === language}
          onClick={() => {
            locale.set(language);
          }}
        >
          {LANGUAGES[language]}
        </button>
      ))}
    </div>
  );
}
