import { describe, expect, it } from "vitest";
import { safeNext } from "./Guard";

describe("safeNext", () => {
  it("goes on to where the person wanted", () => {
    expect(safeNext("/cases/123456?tab=files")).toBe("/cases/123456?tab=files");
  });

  it.each([
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "",
    undefined,
    ["/a"],
  ])("never leaves the desk for %s", (next) => {
    expect(safeNext(next)).toBe("/cases");
  });

  it("does not lead back to signing in", () => {
    expect(safeNext("/login?next=/cases")).toBe("/cases");
  });
});
