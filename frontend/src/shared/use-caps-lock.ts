import { useEffect, useState } from "react";

/** Whether Caps Lock is on, as far as the last key pressed could tell. */
export function useCapsLock(): boolean {
  const [on, setOn] = useState(false);
  useEffect(() => {
    const look = (event: KeyboardEvent): void => {
      // Autofill sends key events without a state.
      if (typeof event.getModifierState === "function") setOn(event.getModifierState("CapsLock"));
    };
    window.addEventListener("keydown", look);
    window.addEventListener("keyup", look);
    return () => {
      window.removeEventListener("keydown", look);
      window.removeEventListener("keyup", look);
    };
  }, []);
  return on;
}
