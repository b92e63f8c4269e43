import { createStore, useStore, type Store } from "./store";

export type Locale = "uk" | "en";
export type ThemeChoice = "light" | "dark" | "system";

/** A choice of this browser's user, kept between visits. Anything unreadable falls back to the default. */
function kept<T extends string>(key: string, allowed: readonly T[], fallback: T): Store<T> {
  const read = (): T => {
    try {
      const stored = localStorage.getItem(key);
      return allowed.find((value) => value === stored) ?? fallback;
    } catch {
      return fallback;
    }
  };
  const store = createStore<T>(typeof window === "undefined" ? fallback : read());
  if (typeof window !== "undefined") {
    // Another tab of the same person changed it: follow.
    window.addEventListener("storage", (event) => {
      if (event.key === key) store.set(read());
    });
  }
  return {
    ...store,
    set: (value) => {
      store.set(value);
      try {
        localStorage.setItem(key, value);
      } catch {
        // Private mode or a full disk: the choice lasts until the tab is closed.
      }
    },
  };
}

export const locale = kept<Locale>("ohmatdyt.locale", ["uk", "en"], "uk");
export const themeChoice = kept<ThemeChoice>("ohmatdyt.theme", ["light", "dark", "system"], "system");
export const menuFolded = kept("ohmatdyt.menu", ["open", "folded"], "open");
export const shortcutsChoice = kept("ohmatdyt.shortcuts", ["on", "off"], "on");

export const useLocale = (): Locale => useStore(locale);
export const useThemeChoice = (): ThemeChoice => useStore(themeChoice);
