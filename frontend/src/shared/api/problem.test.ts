import { describe, expect, it } from "vitest";
import { locale } from "../preferences";
import { problemFrom, retryAfterSeconds, toApiError } from "./problem";
import { shouldRetry } from "./query-client";

const headers = (values: Record<string, string> = {}) => new Headers(values);

describe("problemFrom", () => {
  it("reads a problem document with its fields and further members", () => {
    const body = JSON.stringify({
      type: "about:blank",
      title: "Conflict",
      status: 409,
      detail: "Звернення вже взяла Олена Коваль.",
      code: "already_taken",
      errors: [{ field: "status", message: "вже в роботі" }, { field: 7 }],
      request_id: "req-1",
      winner: { id: "1", full_name: "Олена Коваль" },
    });
    const error = problemFrom(409, headers(), body);
    expect(error).toMatchObject({
      status: 409,
      code: "already_taken",
      detail: "Звернення вже взяла Олена Коваль.",
      errors: [{ field: "status", message: "вже в роботі" }],
      requestId: "req-1",
      extra: { winner: { id: "1", full_name: "Олена Коваль" } },
    });
    expect(error.extra).not.toHaveProperty("detail");
  });

  it.each(["<html>502 Bad Gateway</html>", "", "null", "[]", '"text"'])(
    "has words of its own for a body like %s",
    (body) => {
      const error = problemFrom(502, headers({ "X-Request-ID": "edge-7" }), body);
      expect(error.detail).toBe("Сервер зараз не може відповісти. Повторіть за хвилину.");
      expect(error).toMatchObject({ code: "http_502", errors: [], requestId: "edge-7" });
    },
  );

  it("says them in the chosen language", () => {
    locale.set("en");
    expect(problemFrom(403, headers(), "").detail).toBe("You have no right to do this.");
    locale.set("uk");
  });

  it("knows how long to wait", () => {
    expect(problemFrom(429, headers({ "Retry-After": "45" }), "").retryAfter).toBe(45);
    expect(problemFrom(429, headers(), "").retryAfter).toBeNull();
  });
});

describe("retryAfterSeconds", () => {
  it("reads an HTTP date, and a date that has passed as now", () => {
    const now = Date.parse("2026-11-22T12:00:00Z");
    expect(retryAfterSeconds("Sun, 22 Nov 2026 12:01:30 GMT", now)).toBe(90);
    expect(retryAfterSeconds("Sun, 22 Nov 2026 11:00:00 GMT", now)).toBe(0);
    expect(retryAfterSeconds("soon", now)).toBeNull();
  });
});

describe("shouldRetry", () => {
  it("asks again only where asking again may help", () => {
    const answer = (status: number) => problemFrom(status, headers(), "");
    expect([400, 401, 403, 404, 409, 422, 429, 500].filter((s) => shouldRetry(0, answer(s)))).toEqual([]);
    expect([502, 503, 504].every((s) => shouldRetry(0, answer(s)))).toBe(true);
    expect(shouldRetry(2, answer(503))).toBe(false);
    expect(shouldRetry(0, new Error("a bug"))).toBe(false);
  });
});

describe("toApiError", () => {
  it("never shows a programmer's words to people", () => {
    expect(toApiError(new TypeError("x is undefined")).detail).toBe(
      "Щось пішло не так. Оновіть сторінку і повторіть.",
    );
  });
});
