import { describe, expect, it } from "vitest";
import { readState, writeState } from "@/shared/url-state";
import { chipsOf } from "./chips";
import {
  LIST_SCHEMA,
  NO_FILTERS,
  nextOrder,
  scopeInUse,
  scopesOf,
  sortDirection,
  toQuery,
  type ListState,
} from "./filters";

const read = (query: Record<string, string | string[]>): ListState =>
  readState<ListState>(LIST_SCHEMA, query);

describe("filters in the address", () => {
  it("reads what it wrote", () => {
    const change: Partial<ListState> = {
      status: ["NEW", "DONE"],
      overdue: true,
      category_id: "c1",
      responsible_id: ["me", "u2"],
      search: "скарга",
      order_by: "public_id",
      page: 3,
      page_size: 50,
      scope: "queue",
    };
    const query = writeState<ListState>(LIST_SCHEMA, {}, change);
    expect(read(query)).toEqual({ ...read({}), ...change });
  });

  it("leaves defaults out of the address", () => {
    expect(
      writeState<ListState>(LIST_SCHEMA, {}, { page: 1, page_size: 20, status: [], search: " " }),
    ).toEqual({});
  });

  it("survives rubbish in the address", () => {
    const state = read({
      status: ["NEW", "HACKED"],
      page: "-4",
      page_size: "abc",
      overdue: "maybe",
      order_by: "1;drop",
    });
    expect(state.status).toEqual(["NEW"]);
    expect(state.page).toBe(1);
    expect(state.page_size).toBe(20);
    expect(state.overdue).toBeUndefined();
    expect(state.order_by).toBeUndefined();
  });

  it("sends the server only what is set, and always an order", () => {
    expect(toQuery(read({}))).toEqual({ page: 1, page_size: 20, order_by: "-created_at" });
    expect(toQuery(read({ stale: "false", page_size: "900" }))).toMatchObject({
      stale: false,
      page_size: 100,
    });
  });
});

describe("the search box", () => {
  it("goes to the server as typed, best matches first", () => {
    const query = toQuery(read({ search: " скарзі на ліки " }));
    expect(query).toMatchObject({ search: "скарзі на ліки" });
    expect(query).not.toHaveProperty("order_by");
  });
  it("keeps an order chosen by hand", () => {
    expect(toQuery(read({ search: "ліки", order_by: "category" }))).toMatchObject({ order_by: "category" });
  });
  it("asks for nothing when blank", () => {
    expect(toQuery(read({ search: "  " }))).not.toHaveProperty("search");
  });
});

describe("chips", () => {
  it("is one for each value, and each takes away only its own", () => {
    const state = read({ status: ["NEW", "DONE"], overdue: "true", search: "x", page: "2", scope: "all" });
    const chips = chipsOf(state);
    expect(chips.map((chip) => chip.key)).toEqual(["status:NEW", "status:DONE", "overdue", "search"]);
    expect(chips[0]?.without).toEqual({ status: ["DONE"] });
    expect(chips[2]?.without).toEqual({ overdue: undefined });
    expect(chips[3]?.without).toEqual({ search: "" });
  });

  it("has none without filters", () => {
    expect(chipsOf({ ...read({}), ...NO_FILTERS })).toEqual([]);
  });
});

describe("order by header", () => {
  it("turns round on the second click and starts dates with the newest", () => {
    expect(nextOrder(undefined, "created_at")).toBe("created_at");
    expect(nextOrder("created_at", "created_at")).toBe("-created_at");
    expect(nextOrder(undefined, "applicant_name")).toBe("applicant_name");
    expect(nextOrder("applicant_name", "applicant_name")).toBe("-applicant_name");
    expect(nextOrder("applicant_name", "updated_at")).toBe("-updated_at");
  });

  it("tells screen readers the direction", () => {
    expect(sortDirection(undefined, "created_at")).toBe("descending");
    expect(sortDirection("category", "category")).toBe("ascending");
    expect(sortDirection("category", "status")).toBe("none");
  });
});

describe("scopes", () => {
  it("gives each role its own default view", () => {
    expect(scopeInUse({ scope: undefined }, "OPERATOR")).toBe("mine");
    expect(scopeInUse({ scope: undefined }, "EXECUTOR")).toBe("queue");
    expect(scopeInUse({ scope: undefined }, "ADMIN")).toBe("all");
  });

  it("never offers an executor or an operator all cases", () => {
    expect(scopesOf("EXECUTOR")).not.toContain("all");
    expect(scopesOf("OPERATOR")).toEqual(["mine"]);
  });
});
