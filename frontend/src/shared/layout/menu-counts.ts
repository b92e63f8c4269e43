import type { SectionName } from "./sections";
import { createStore, useStore } from "../store";

/** What waits behind an entry of the menu. */
export interface MenuCount {
  count: number;
  /** The whole of it in words: «12 нових звернень чекають». */
  words: string;
  /** Late: shown in red, which is kept for that. */
  isLate?: boolean;
}

export type MenuCounts = Partial<Record<SectionName, MenuCount>>;

/** Set by what knows the domains; the menu only shows it. */
export const menuCounts = createStore<MenuCounts>({});
export const useMenuCounts = (): MenuCounts => useStore(menuCounts);
