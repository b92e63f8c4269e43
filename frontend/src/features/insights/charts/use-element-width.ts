import { useEffect, useRef, useState, type RefObject } from "react";

/** How wide an element is now: drawings are made for it instead of being stretched. */
export function useElementWidth<T extends HTMLElement>(
  initial: number,
): { ref: RefObject<T | null>; width: number } {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(initial);
  useEffect(() => {
    const element = ref.current;
    if (!element || typeof ResizeObserver === "undefined") return;
    const watcher = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0) setWidth(Math.round(entry.contentRect.width));
    });
    watcher.observe(element);
    return () => {
      watcher.disconnect();
    };
  }, []);
  return { ref, width };
}
