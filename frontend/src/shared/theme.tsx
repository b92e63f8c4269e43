import { App, ConfigProvider, theme as antdTheme, type ThemeConfig } from "antd";
import enGB from "antd/locale/en_GB";
import ukUA from "antd/locale/uk_UA";
import { useEffect, type ReactNode } from "react";
import { useLocale, useThemeChoice } from "./preferences";
import { useMediaQuery } from "./use-media-query";

const SYSTEM_FONTS =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif';

const common: ThemeConfig = {
  cssVar: { key: "desk" },
  hashed: false,
  components: {
    Button: { primaryShadow: "none", defaultShadow: "none", dangerShadow: "none" },
    Form: { itemMarginBottom: 22, verticalLabelPadding: "0 0 4px" },
  },
};
const shape = { fontFamily: SYSTEM_FONTS, borderRadius: 6, fontSize: 14, controlHeight: 34 };

const light: ThemeConfig = {
  ...common,
  algorithm: antdTheme.defaultAlgorithm,
  token: {
    ...shape,
    colorPrimary: "#0e6386",
    colorInfo: "#0b4fa8",
    colorLink: "#0e6386",
    colorError: "#b3261e",
    colorSuccess: "#17663a",
    colorWarning: "#8a4300",
    colorInfoBg: "#e8f1fd",
    colorInfoBorder: "#a9c8f2",
    colorErrorBg: "#fdf0ef",
    colorErrorBorder: "#eeb9b5",
    colorSuccessBg: "#e6f5ec",
    colorSuccessBorder: "#a5d8ba",
    colorWarningBg: "#fff1e0",
    colorWarningBorder: "#f3c48d",
    colorTextBase: "#1f2933",
    colorTextSecondary: "#4a5563",
    colorTextTertiary: "#5a6675",
    colorTextDescription: "#5a6675",
    colorTextPlaceholder: "#6b7683",
    colorTextDisabled: "#737d89",
    colorBgLayout: "#f4f6f8",
    colorBorder: "#aeb8c4",
    colorBorderSecondary: "#dfe4ea",
  },
};

const dark: ThemeConfig = {
  ...common,
  components: {
    ...common.components,
    // Light red needs dark words on it; the blue of a filled button is too dark for words on the page.
    Button: {
      ...common.components?.Button,
      dangerColor: "#1f0a09",
      defaultHoverColor: "#9ad3ea",
      defaultHoverBorderColor: "#6cbcdc",
      defaultActiveColor: "#6cbcdc",
      defaultActiveBorderColor: "#6cbcdc",
    },
    Dropdown: { colorPrimary: "#6cbcdc" },
    Tabs: { itemSelectedColor: "#6cbcdc", itemHoverColor: "#9ad3ea", inkBarColor: "#6cbcdc" },
  },
  algorithm: antdTheme.darkAlgorithm,
  token: {
    ...shape,
    colorPrimary: "#2c7fa3",
    colorInfo: "#8fc0ff",
    colorLink: "#6cbcdc",
    colorLinkHover: "#9ad3ea",
    colorError: "#ff938c",
    colorSuccess: "#83d6a4",
    colorWarning: "#ffbd7a",
    colorInfoBg: "#14263f",
    colorInfoBorder: "#2b4c7c",
    colorErrorBg: "#331c1c",
    colorErrorBorder: "#6e3431",
    colorSuccessBg: "#12301f",
    colorSuccessBorder: "#28593c",
    colorWarningBg: "#38240f",
    colorWarningBorder: "#6d4720",
    colorTextBase: "#e4e9ef",
    colorBgBase: "#11161c",
    colorBgLayout: "#11161c",
    colorBgContainer: "#181f27",
    colorBgElevated: "#1f2832",
    colorTextSecondary: "#c0cad5",
    colorTextTertiary: "#9dabba",
    colorTextDescription: "#9dabba",
    colorTextPlaceholder: "#8b98a7",
    colorTextDisabled: "#7d8a98",
    colorBorder: "#4a5866",
    colorBorderSecondary: "#2c3641",
  },
};

export function useIsDark(): boolean {
  const system = useMediaQuery("(prefers-color-scheme: dark)");
  const choice = useThemeChoice();
  // Paper is white whatever the screen is.
  const isPrinted = useMediaQuery("print");
  if (isPrinted) return false;
  return choice === "dark" || (choice === "system" && system);
}

/** Theme, language of the ready-made parts, and the `lang` that screen readers go by. */
export function Appearance({ children }: { children: ReactNode }) {
  const locale = useLocale();
  const isDark = useIsDark();
  useEffect(() => {
    document.documentElement.lang = locale;
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
  }, [locale, isDark]);
  return (
    <ConfigProvider
      theme={isDark ? dark : light}
      locale={locale === "en" ? enGB : ukUA}
      form={{ requiredMark: "optional", scrollToFirstError: { focus: true } }}
    >
      <App component={false}>{children}</App>
    </ConfigProvider>
  );
}
