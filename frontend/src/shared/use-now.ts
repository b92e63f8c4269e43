import { createStore, useStore } from "./store";

const EVERY_MS = 30_000;
const clock = createStore(Date.now());
if (typeof window !== "undefined") {
  setInterval(() => {
    clock.set(Date.now());
  }, EVERY_MS);
}

/** The current time for ages on the screen, one clock for all of them, moving twice a minute. */
export const useNow = (): number => useStore(clock);
