export type PasswordRule = "length" | "letter" | "digit" | "notUsername" | "different";

const MIN_LENGTH = 8;
export const MAX_PASSWORD_LENGTH = 128;

/** Which of the visible rules a password keeps. The list of too common ones is only on the server. */
export function checkPassword(
  password: string,
  known: { username?: string; current?: string },
): Partial<Record<PasswordRule, boolean>> {
  const typed = password.normalize("NFKC");
  const same = (other: string): boolean => typed.toLowerCase() === other.normalize("NFKC").toLowerCase();
  return {
    length: Array.from(typed).length >= MIN_LENGTH,
    letter: /\p{L}/u.test(typed),
    digit: /\p{Nd}/u.test(typed),
    ...(known.username === undefined ? {} : { notUsername: typed !== "" && !same(known.username) }),
    ...(known.current === undefined ? {} : { different: typed !== "" && typed !== known.current }),
  };
}

export const keepsRules = (result: Partial<Record<PasswordRule, boolean>>): boolean =>
  Object.values(result).every(Boolean);
