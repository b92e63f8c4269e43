import { describe, expect, it } from "vitest";
import * as url from "./url-state";

const schema = {
  search: url.text(),
  status: url.list(["NEW", "DONE"] as const),
  overdue: url.flag(),
  page: url.count(1),
};

describe("readState", () => {
  it("reads what is there and falls back for the rest", () => {
    expect(
      url.readState(schema, { search: "нирки", status: ["NEW", "DONE"], overdue: "true", page: "3" }),
    ).toEqual({
      search: "нирки",
      status: ["NEW", "DONE"],
      overdue: true,
      page: 3,
    });
    expect(url.readState(schema, {})).toEqual({ search: "", status: [], overdue: undefined, page: 1 });
  });

  it.each(["0", "-2", "1.5", "abc", ""])("takes page %s for the first", (page) => {
    expect(url.readState(schema, { page }).page).toBe(1);
  });

  it("drops values nobody knows, and repeated ones", () => {
    expect(url.readState(schema, { status: ["NEW", "HACKED", "NEW"], overdue: "maybe" })).toMatchObject({
      status: ["NEW"],
      overdue: undefined,
    });
  });
});

describe("writeState", () => {
  it("leaves defaults out of the address and foreign parameters in it", () => {
    const query = { search: "нирки", page: "3", tab: "files" };
    expect(url.writeState(schema, query, { page: 1 })).toEqual({ search: "нирки", tab: "files" });
  });

  it("returns to the empty address when everything is reset", () => {
    const query = { search: "x", status: ["NEW"], overdue: "false", page: "2" };
    const reset = { search: "", status: [], overdue: undefined, page: 1 };
    expect(url.writeState(schema, query, reset)).toEqual({});
  });

  it("comes back as what was written", () => {
    const state = { search: "50% a&b=c", status: ["DONE" as const], overdue: false, page: 7 };
    expect(url.readState(schema, url.writeState(schema, {}, state))).toEqual(state);
  });
});
