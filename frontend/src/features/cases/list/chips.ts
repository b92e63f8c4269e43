import { FILTER_NAMES, NO_FILTERS, type Filters, type ListState } from "./filters";

export interface Chip {
  key: string;
  name: keyof Filters;
  /** The raw value; words for it are found where names are known. */
  value: string;
  /** The change that takes this one filter away. */
  without: Partial<Filters>;
}

/** One chip for each value that narrows the list. */
export function chipsOf(state: ListState): Chip[] {
  return FILTER_NAMES.flatMap((name): Chip[] => {
    const value = state[name];
    if (Array.isArray(value))
      return value.map((one: string) => ({
        key: `${name}:${one}`,
        name,
        value: one,
        without: { [name]: value.filter((other: string) => other !== one) },
      }));
    if (value === undefined || value === "") return [];
    return [{ key: name, name, value: value.toString(), without: { [name]: NO_FILTERS[name] } }];
  });
}
