import { useRouter } from "next/router";
import { useCallback, useMemo } from "react";

type Raw = string | string[] | undefined;

/** How one query parameter is read and written; null on writing means "not in the address". */
export interface Param<T> {
  read: (raw: Raw) => T;
  write: (value: T) => string | string[] | null;
}

const first = (raw: Raw): string | undefined => (Array.isArray(raw) ? raw[0] : raw);

export const text = (fallback = ""): Param<string> => ({
  read: (raw) => first(raw) ?? fallback,
  write: (value) => (value === fallback || value.trim() === "" ? null : value),
});

/** A whole number from 1; anything else in the address is read as the fallback. */
export const count = (fallback: number): Param<number> => ({
  read: (raw) => {
    const value = Number(first(raw));
    return Number.isInteger(value) && value > 0 ? value : fallback;
  },
  write: (value) => (value === fallback ? null : value.toString()),
});

export const flag = (): Param<boolean | undefined> => ({
  read: (raw) => ({ true: true, false: false })[first(raw) ?? ""],
  write: (value) => (value === undefined ? null : value.toString()),
});

export const oneOf = <T extends string>(allowed: readonly T[]): Param<T | undefined> => ({
  read: (raw) => allowed.find((value) => value === first(raw)),
  write: (value) => value ?? null,
});

/** A repeatable parameter: `?status=NEW&status=DONE`. Without `allowed` any non-empty text passes. */
export const list = <T extends string = string>(allowed?: readonly T[]): Param<T[]> => ({
  read: (raw) => {
    const values = raw === undefined ? [] : Array.isArray(raw) ? raw : [raw];
    return [...new Set(values)].filter((v): v is T => v !== "" && (!allowed || allowed.includes(v as T)));
  },
  write: (value) => (value.length ? value : null),
});

export type Params = Record<string, Param<never>>;
type Schema<T> = { [K in keyof T]: Param<T[K]> };

export function readState<T extends object>(schema: Schema<T>, query: Record<string, Raw>): T {
  const entries = Object.keys(schema).map((key) => [key, schema[key as keyof T].read(query[key])]);
  return Object.fromEntries(entries) as T;
}

/** The query with `change` applied; parameters outside the schema stay as they are, defaults disappear. */
export function writeState<T extends object>(
  schema: Schema<T>,
  query: Record<string, Raw>,
  change: Partial<T>,
): Record<string, string | string[]> {
  const next = { ...readState(schema, query), ...change };
  const result: Record<string, string | string[]> = {};
  for (const [key, raw] of Object.entries(query))
    if (raw !== undefined && !(key in schema)) result[key] = raw;
  for (const key of Object.keys(schema) as (keyof T & string)[]) {
    const written = schema[key].write(next[key]);
    if (written !== null) result[key] = written;
  }
  return result;
}

interface SetOptions {
  /** "push" puts a step into the browser's history, "replace" (typing, paging) does not. */
  history?: "push" | "replace";
}

/**
 * Screen state kept in the address: survives reload, can be sent to a colleague, goes back with the
 * browser's button. `schema` must be a constant outside the component.
 */
export function useUrlState<T extends object>(
  schema: Schema<T>,
): [T, (change: Partial<T>, options?: SetOptions) => void] {
  const router = useRouter();
  const state = useMemo(() => readState(schema, router.query), [schema, router.query]);
  const set = useCallback(
    (change: Partial<T>, { history = "push" }: SetOptions = {}) => {
      const target = { pathname: router.pathname, query: writeState(schema, router.query, change) };
      void router[history](target, undefined, { shallow: true, scroll: false });
    },
    [router, schema],
  );
  return [state, set];
}
