/** Ends the promise of a change whose error stands in the form or dialog already, read from the mutation. */
export const shownInPlace = (): void => undefined;
