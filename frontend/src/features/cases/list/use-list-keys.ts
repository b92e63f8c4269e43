import { useShortcuts } from "@/shared/keyboard";

const links = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("a[data-case]")];

/** The row after or before the focused one. Focus itself moves, so Enter opens and screen readers follow. */
function move(step: 1 | -1): void {
  const all = links();
  const at = all.findIndex((link) => link === document.activeElement);
  const next = at === -1 ? (step === 1 ? all[0] : all.at(-1)) : all[at + step];
  next?.focus({ preventScroll: true });
  next?.closest("tr, li")?.scrollIntoView({ block: "nearest" });
}

/** J and K go through the rows; Enter is the link's own. */
export function useListKeys(): void {
  useShortcuts({
    KeyJ: () => {
      move(1);
    },
    KeyK: () => {
      move(-1);
    },
  });
}
