import { useCallback, useEffect, useState } from "react";

/** Seconds left until a moment set by `start(seconds)`; 0 when there is nothing to wait for. */
export function useCountdown(): { left: number; start: (seconds: number) => void } {
  const [until, setUntil] = useState(0);
  const [left, setLeft] = useState(0);
  const start = useCallback((seconds: number) => {
    setUntil(Date.now() + seconds * 1000);
    setLeft(seconds);
  }, []);
  useEffect(() => {
    if (until === 0) return;
    // By the clock, not by counting ticks: a sleeping tab wakes up with the right time.
    const timer = setInterval(() => {
      const seconds = Math.max(0, (until - Date.now()) / 1000);
      setLeft(seconds);
      if (seconds === 0) setUntil(0);
    }, 500);
    return () => {
      clearInterval(timer);
    };
  }, [until]);
  return { left, start };
}
