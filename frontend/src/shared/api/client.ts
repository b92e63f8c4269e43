import createClient from "openapi-fetch";
import { locale } from "../preferences";
import { currentAccess } from "./access";
import { reportReachable, reportUnreachable } from "./connection";
import { networkError, problemFrom } from "./problem";
import { freshToken, refreshAccess } from "./refresh";
import type { paths } from "./schema.gen";

/** Calls that speak about the session itself: their 401 is an answer, not a reason to refresh. */
const SESSION_CALLS = ["/auth/login", "/auth/refresh", "/auth/register"];

async function send(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    reportReachable();
    return response;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    reportUnreachable();
    throw networkError();
  }
}

function withHeaders(request: Request, token: string | null): Request {
  request.headers.set("Accept-Language", locale.get());
  if (token) request.headers.set("Authorization", `Bearer ${token}`);
  return request;
}

/**
 * `fetch` with the person's token. A refused token is renewed once and the call repeated; when that fails
 * the 401 goes on to the caller and the sign-in dialog opens by itself.
 */
export async function fetchAsPerson(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname;
  if (SESSION_CALLS.includes(path)) return send(withHeaders(request, null));
  const token = await freshToken();
  const again = request.clone();
  const response = await send(withHeaders(request, token));
  if (response.status !== 401) return response;
  if (await isWrongPassword(response)) return response;
  const renewed = await refreshAccess(token);
  return renewed ? send(withHeaders(again, currentAccess()?.token ?? null)) : response;
}

/** A wrong current password is a 401 too, but the session stays. */
async function isWrongPassword(response: Response): Promise<boolean> {
  const problem = problemFrom(401, response.headers, await response.clone().text());
  return problem.code === "wrong_current_password";
}

export const api = createClient<paths>({
  baseUrl: typeof window === "undefined" ? "" : window.location.origin,
  credentials: "same-origin",
  fetch: fetchAsPerson,
});

api.use({
  onResponse: async ({ response }) => {
    if (!response.ok) throw problemFrom(response.status, response.headers, await response.text());
  },
});

/**
 * The data of a call; failures throw ApiError.
 * `const users = await ok(api.GET("/api/users", { params: { query } }))`
 */
export async function ok<T>(call: Promise<{ data?: T }>): Promise<T> {
  // The client above throws for everything but success, so what is left is the success type (204: undefined).
  return (await call).data as T;
}
