import { describe, expect, it } from "vitest";
import { apart } from "./apart";

const LONG =
  "Доньці шість років, дванадцять днів тому прооперували грижу, шов почервонів і болить до вечора.";

describe("apart", () => {
  it("tells by whole words what only one of two versions says", () => {
    expect(apart("Скарга на чергу в касі", "Скарга на черги в касі")).toEqual([
      { before: "Скарга на ", own: "чергу", after: " в касі" },
      { before: "Скарга на ", own: "черги", after: " в касі" },
    ]);
  });

  it("says of something added that the other has nothing there", () => {
    expect(apart("Прошу відповіді", "Прошу письмової відповіді")).toEqual([
      { before: "Прошу ", own: "", after: "відповіді" },
      { before: "Прошу ", own: "письмової ", after: "відповіді" },
    ]);
  });

  it("does not take the same word twice", () => {
    expect(apart("дуже дуже", "дуже")).toEqual([
      { before: "дуже", own: " дуже", after: "" },
      { before: "дуже", own: "", after: "" },
    ]);
  });

  it("keeps what is next to the difference of a long text", () => {
    const [mine, theirs] = apart(`${LONG} Чекаю листа. ${LONG}`, `${LONG} Чекаю дзвінка. ${LONG}`);
    expect(mine.own).toBe("листа.");
    expect(theirs.own).toBe("дзвінка.");
    expect(mine.before).toMatch(/^…\S.{0,60} Чекаю $/u);
    expect(mine.after).toMatch(/^ Доньці .{0,60}…$/u);
  });

  it("shows two texts that have nothing in common whole", () => {
    expect(apart("Сервіс", "Інше")).toEqual([
      { before: "", own: "Сервіс", after: "" },
      { before: "", own: "Інше", after: "" },
    ]);
    expect(apart("", "Інше")[1]).toEqual({ before: "", own: "Інше", after: "" });
  });
});
