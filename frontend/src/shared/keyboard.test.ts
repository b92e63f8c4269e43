import { describe, expect, it } from "vitest";
import { isTyping, shortcutOf } from "./keyboard";

const press = (over: Partial<KeyboardEvent>) => ({
  code: "",
  key: "",
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...over,
});

describe("keys by their place", () => {
  it("does not care for the layout", () => {
    expect(shortcutOf(press({ code: "KeyJ", key: "о" }))).toBe("KeyJ");
    expect(shortcutOf(press({ code: "KeyJ", key: "j" }))).toBe("KeyJ");
  });

  it("finds «?» on both layouts", () => {
    expect(shortcutOf(press({ code: "Digit7", key: "?", shiftKey: true }))).toBe("help");
    expect(shortcutOf(press({ code: "Slash", key: ",", shiftKey: true }))).toBe("help");
  });

  it("takes Ctrl and ⌘ alike, and both Enters", () => {
    expect(shortcutOf(press({ code: "Enter", ctrlKey: true }))).toBe("ctrl+Enter");
    expect(shortcutOf(press({ code: "NumpadEnter", metaKey: true }))).toBe("ctrl+Enter");
  });

  it("never takes Alt, which is the browser’s", () => {
    expect(shortcutOf(press({ code: "KeyC", altKey: true }))).toBeNull();
  });
});

it("knows when somebody is typing", () => {
  const text = document.createElement("textarea");
  const box = Object.assign(document.createElement("input"), { type: "checkbox" });
  expect(isTyping(text)).toBe(true);
  expect(isTyping(document.createElement("input"))).toBe(true);
  expect(isTyping(box)).toBe(false);
  expect(isTyping(document.body)).toBe(false);
});
