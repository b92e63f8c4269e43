/** Placeholder until the sign-in form exists. */
export function SignInAgain() {
  return null;
}
