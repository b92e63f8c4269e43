import { useSyncExternalStore } from "react";

const never = (): (() => void) => () => undefined;

/** False while the page is exported and for the first paint after loading, true from then on. */
export function useIsInBrowser(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
