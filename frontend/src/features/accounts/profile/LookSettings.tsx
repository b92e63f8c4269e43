import { Segmented } from "antd";
import { useId } from "react";
import { locale, themeChoice, useLocale, useThemeChoice } from "@/shared/preferences";
import { LANGUAGES, layoutTexts } from "@/shared/layout/texts";
import { Facts } from "@/shared/ui/Facts";
import { profileTexts } from "./texts";

export function LookSettings() {
  const t = profileTexts.use();
  const themes = layoutTexts.use().themes;
  const theme = useThemeChoice();
  const language = useLocale();
  const id = useId();
  return (
    <Facts
      facts={[
        [
          t.theme,
          <Segmented
            key="theme"
            name={`${id}theme`}
            aria-label={t.theme}
            value={theme}
            options={(["light", "dark", "system"] as const).map((value) => ({ value, label: themes[value] }))}
            onChange={themeChoice.set}
          />,
        ],
        [
          t.language,
          <Segmented
            key="language"
            name={`${id}language`}
            aria-label={t.language}
            value={language}
            options={(["uk", "en"] as const).map((value) => ({ value, label: LANGUAGES[value] }))}
            onChange={locale.set}
          />,
        ],
      ]}
    />
  );
}
