import { createStore } from "@/shared/store";

/** The sheet of keys is one for the whole desk: «?» and every button for it open the same. */
export const isSheetOpen = createStore(false);
export const openSheet = (): void => {
  isSheetOpen.set(true);
};
