import { useCallback, useRef } from "react";

/** A fresh `Idempotency-Key`. Plain HTTP in a hospital network has no `crypto.randomUUID`, hence the bytes. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * One key for one intention: pressing «Зберегти» again after a lost answer must not create a second entry.
 * Call `renew` after success or when the form's content changes.
 */
export function useIdempotencyKey(): { current: () => string; renew: () => void } {
  const key = useRef<string | null>(null);
  const current = useCallback(() => (key.current ??= newIdempotencyKey()), []);
  const renew = useCallback(() => {
    key.current = null;
  }, []);
  return { current, renew };
}
