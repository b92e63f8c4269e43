import { describe, expect, it } from "vitest";
import { checkPassword, keepsRules } from "./password-rules";

const ok = (password: string, username = "koval", current = "Стара-2025"): boolean =>
  keepsRules(checkPassword(password, { username, current }));

describe("checkPassword", () => {
  it("welcomes Cyrillic letters", () => {
    expect(ok("Ромашка-2026")).toBe(true);
  });

  it.each(["Ромаш-1", "Ромашка-довга", "1234567890", ""])("refuses %s", (password) => {
    expect(ok(password)).toBe(false);
  });

  it("counts characters, not bytes or code units", () => {
    expect(checkPassword("😀😀😀😀", {}).length).toBe(false);
  });

  it("refuses the username in any case and the current password", () => {
    expect(ok("Koval2026", "koval2026")).toBe(false);
    expect(ok("Стара-2025")).toBe(false);
  });
});
