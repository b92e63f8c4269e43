import { useEffect, useRef, useState, type RefObject } from "react";

interface Size {
  width: number;
  height: number;
}

/** How large an element is now: drawings are made for it instead of being stretched. */
export function useElementSize<T extends HTMLElement>(initial: Size): { ref: RefObject<T | null> } & Size {
  const ref = useRef<T>(null);
  const [size, setSize] = useState(initial);
  useEffect(() => {
    const element = ref.current;
    if (!element || typeof ResizeObserver === "undefined") return;
    const watcher = new ResizeObserver(([entry]) => {
      if (!entry || entry.contentRect.width === 0) return;
      const width = Math.round(entry.contentRect.width);
      const height = Math.round(entry.contentRect.height);
      setSize((before) => (before.width === width && before.height === height ? before : { width, height }));
    });
    watcher.observe(element);
    return () => {
      watcher.disconnect();
    };
  }, []);
  return { ref, ...size };
}
