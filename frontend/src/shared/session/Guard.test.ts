import { describe, expect, it } from "vitest";
import { safeNext } from "./Guard";

describe("safeNext", () => {
  it("goes on to where the person wanted", () => {
    expect(safeNext("/cases/123456?tab=files")).toBe("/cases/123456?tab=files");
  });

  it.each([
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "/\r\n/evil.example",
    "/\u0000/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/\t\\evil.example",
    "/%09/evil.example",
    "/%5Cevil.example",
    "/a/..//evil.example",
    "/.//evil.example",
    "/cases/../..//evil.example",
    "https://evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "/api/cases",
    "/auth/me",
    "",
    undefined,
    ["/a"],
  ])("never leaves the pages of the desk for %j", (next) => {
    expect(safeNext(next)).toBe("/cases");
  });

  it.each(["/cases?search=a%20b&page=2#top", "/", "/loginless", "/cases?search=%D0%B0"])(
    "keeps the page %s",
    (next) => {
      expect(safeNext(next)).toBe(next);
    },
  );

  it("does not lead back to signing in", () => {
    expect(safeNext("/login?next=/cases")).toBe("/cases");
  });
});
