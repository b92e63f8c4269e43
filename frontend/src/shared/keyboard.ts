import { useLayoutEffect, useRef } from "react";
import { shortcutsChoice } from "./preferences";

/**
 * Physical keys, so that they work with the Ukrainian layout: `KeyJ`, `Escape`, `ctrl+Enter` (⌘ on a Mac), `help` for «?».
 * Never with Alt: Alt+letter belongs to the browser's menu.
 */
export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>;

type Press = Pick<KeyboardEvent, "code" | "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/** The name under which a press is looked up, or null when it can be nobody's shortcut. */
export function shortcutOf(press: Press): string | null {
  if (press.altKey) return null;
  const command = press.ctrlKey || press.metaKey;
  // «?» is Shift+7 on the Ukrainian layout and Shift+/ on the English one.
  if (!command && press.shiftKey && (press.key === "?" || press.code === "Slash")) return "help";
  const code = press.code === "NumpadEnter" ? "Enter" : press.code;
  if (command) return press.shiftKey ? null : `ctrl+${code}`;
  return press.shiftKey ? `shift+${code}` : code;
}

const NOT_TEXT = new Set(["button", "checkbox", "radio", "range", "submit", "reset", "file", "color"]);

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !NOT_TEXT.has(target.type);
  return target.matches("textarea, select") || target.closest('[contenteditable="true"]') !== null;
}

/** Whether a dialog lies over the page: keys of the page below must not work through it. */
const underDialog = (): boolean =>
  [...document.querySelectorAll<HTMLElement>('[role="dialog"]')].some(
    (dialog) => dialog.getClientRects().length > 0,
  );

/** Single keys that press buttons and links by themselves stay theirs. */
const belongsToTarget = (name: string, target: EventTarget | null): boolean =>
  name === "Enter" && target instanceof Element && target.closest("a, button, [role=button]") !== null;

/**
 * Listens while the screen is shown. Off while typing, under a dialog, and when the person switched shortcuts
 * off. Works from the moment the screen is drawn. `ctrl+…` keys and those in `always` (F2, Escape of a form) also work in fields.
 */
export function useShortcuts(shortcuts: Shortcuts, always: Shortcuts = {}): void {
  const current = useRef({ shortcuts, always });
  useLayoutEffect(() => {
    current.current = { shortcuts, always };
  });
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const name = shortcutOf(event);
      if (name === null || event.defaultPrevented || event.isComposing || underDialog()) return;
      const run =
        current.current.always[name] ??
        (shortcutsChoice.get() === "on" &&
        (name.startsWith("ctrl+") || !isTyping(event.target)) &&
        !belongsToTarget(name, event.target)
          ? current.current.shortcuts[name]
          : undefined);
      if (!run) return;
      event.preventDefault();
      run(event);
    };
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", onKey);
    };
  }, []);
}
