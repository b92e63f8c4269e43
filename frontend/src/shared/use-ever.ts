import { useState } from "react";

/** True from the first time it was: what opens seldom is fetched then, and stays to close as it opened. */
export function useEver(now: boolean): boolean {
  const [ever, setEver] = useState(now);
  if (now && !ever) setEver(true);
  return ever || now;
}
