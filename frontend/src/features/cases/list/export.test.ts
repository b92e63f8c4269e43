import { expect, it } from "vitest";
import { exportAddress } from "./export";
import { LIST_SCHEMA, toQuery, type ListState } from "./filters";
import { readState } from "@/shared/url-state";

const addressOf = (query: Record<string, string | string[]>, format: "xlsx" | "csv" = "csv") => {
  const state: ListState = readState(LIST_SCHEMA, query);
  return new URL(exportAddress(toQuery(state), format), "http://desk.invalid");
};

it("exports the whole list with its filters and order, not the page on the screen", () => {
  const address = addressOf({ status: ["NEW", "DONE"], page: "7", page_size: "50", order_by: "status" });
  expect(address.pathname).toBe("/api/cases/export");
  expect([...address.searchParams]).toEqual([
    ["format", "csv"],
    ["status", "NEW"],
    ["status", "DONE"],
    ["order_by", "status"],
  ]);
});

it("keeps what was searched for, whatever signs are in it", () => {
  expect(addressOf({ search: "№7 & решта" }, "xlsx").searchParams.get("search")).toBe("№7 & решта");
});
