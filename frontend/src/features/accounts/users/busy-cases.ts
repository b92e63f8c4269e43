/** A case somebody is responsible for, as the API lists it. */
export interface BusyCase {
  public_id: number;
  category: { id: string; name: string };
}

export interface CategoryCases {
  id: string;
  name: string;
  numbers: number[];
}

/** The cases by category, the fullest first: only who serves a category can take its cases over. */
export function byCategory(cases: readonly BusyCase[]): CategoryCases[] {
  const groups = new Map<string, CategoryCases>();
  for (const { category, public_id } of cases) {
    const group = groups.get(category.id) ?? { ...category, numbers: [] };
    group.numbers.push(public_id);
    groups.set(category.id, group);
  }
  return [...groups.values()].sort((a, b) => b.numbers.length - a.numbers.length);
}
