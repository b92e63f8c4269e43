import contract from "../../../../openapi.json";
import { describe, expect, it } from "vitest";
import { readState } from "@/shared/url-state";
import { journalView, queryOf, type JournalView } from "./queries";
import { wishOf } from "./routes";
import { actionWords, objectHref } from "./words";

const ID = "3f1b2c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d";
const read = (query: Record<string, string | string[]>) =>
  queryOf(readState<JournalView>(journalView, query));

describe("the journal's address", () => {
  it("asks for what stands in it", () => {
    const query = {
      actor_id: ID,
      action: ["case.taken", "patient.viewed"],
      object_type: "case",
      object_id: " 123 ",
      outcome: "refused",
      date_from: "2026-11-01",
      after: "x",
    };
    expect(read(query)).toEqual({ ...query, object_id: "123", page_size: 50 });
  });

  it("leaves out what the server could not read", () => {
    expect(read({ actor_id: "me", outcome: "maybe", date_from: "yesterday", date_to: "2026-02-30" })).toEqual(
      {
        page_size: 50,
      },
    );
  });
});

describe("a refused attempt in words", () => {
  it("names the case by its number and leads to it", () => {
    expect(wishOf("POST", "/api/cases/123456/take")).toEqual({
      words: "звернення 123456: взяти в роботу",
      href: "/cases/123456",
    });
    expect(wishOf("PATCH", "/api/cases/123456").words).toBe("звернення 123456: змінити поля");
    expect(wishOf("GET", "/api/cases/123456").words).toBe("звернення 123456: переглянути");
  });

  it("leaves ids out of the words", () => {
    expect(wishOf("GET", `/api/cases/${ID}`)).toEqual({
      words: "звернення: переглянути",
      href: `/cases/${ID}`,
    });
    expect(wishOf("POST", `/api/users/${ID}/reset-password`).words).toBe("користувач: скинути пароль");
  });

  it("has words for every address of the contract that anybody can be refused at", () => {
    const missing = Object.entries(contract.paths)
      .filter(([path]) => path.startsWith("/api/") && path !== "/api/events")
      .flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => [method.toUpperCase(), path] as const),
      )
      .filter(([method, path]) => {
        const asked = path.replaceAll(/\{[^}]+\}/g, ID);
        return wishOf(method, asked).words === asked;
      });
    expect(missing).toEqual([]);
  });

  it("shows an address it does not know as it is", () => {
    expect(wishOf("GET", "/api/moon")).toEqual({ words: "/api/moon", href: null });
  });
});

describe("entries in words", () => {
  it("says what is known and shows what is new as it is", () => {
    expect(actionWords("patient.viewed")).toBe("Переглянуто картку пацієнта");
    expect(actionWords("robot.started")).toBe("robot.started");
  });

  it("leads to things that have a page", () => {
    expect(objectHref("patient", ID)).toBe(`/patients/${ID}`);
    expect(objectHref("session", ID)).toBeNull();
    expect(objectHref("case", null)).toBeNull();
  });
});
