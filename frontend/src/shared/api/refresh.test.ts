import { afterEach, beforeEach, describe, expect, it, vi, type Mock } from "vitest";

import type * as Access from "./access";
import type * as Client from "./client";
import type * as Refresh from "./refresh";

interface Tab {
  access: typeof Access;
  refresh: typeof Refresh;
  client: typeof Client;
}

/** A tab: its own copy of the modules, as each tab of a browser has. */
async function openTab(): Promise<Tab> {
  vi.resetModules();
  const [access, refresh, client] = await Promise.all([
    import("./access"),
    import("./refresh"),
    import("./client"),
  ]);
  return { access, refresh, client };
}

const json = (status: number, body: object, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers });

let server: Mock<(request: Request | string) => Promise<Response>>;
let issued = 0;
const refreshes = (): number => server.mock.calls.filter(([r]) => r === "/auth/refresh").length;

beforeEach(() => {
  issued = 0;
  server = vi.fn(async (request: Request | string) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (request === "/auth/refresh") {
      issued += 1;
      return json(200, { access_token: `token-${issued.toString()}`, expires_in: 1800 });
    }
    const header = (request as Request).headers.get("Authorization");
    return header === `Bearer token-${issued.toString()}` && issued > 0
      ? json(200, { full_name: "Олена" })
      : json(401, { code: "not_signed_in", detail: "Увійдіть" });
  });
  vi.stubGlobal("fetch", server);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe("renewing the access token", () => {
  it("asks once for any number of calls that met the old token's end together", async () => {
    const { access, client } = await openTab();
    access.openSession({ token: "old", expiresAt: Date.now() + 600_000 }, "u1");
    const answers = await Promise.all(Array.from({ length: 6 }, () => client.ok(client.api.GET("/auth/me"))));
    expect(answers.map((me) => me.full_name)).toEqual(Array(6).fill("Олена"));
    expect(refreshes()).toBe(1);
  });

  it("renews ahead of the end instead of running into a refusal", async () => {
    const { access, client } = await openTab();
    access.openSession({ token: "ending", expiresAt: Date.now() + 1_000 }, "u1");
    await client.ok(client.api.GET("/auth/me"));
    expect(refreshes()).toBe(1);
    expect(server).toHaveBeenCalledTimes(2);
  });

  it("repeats a refused call once, and no more", async () => {
    const { access, client } = await openTab();
    server.mockImplementation(async (request) =>
      request === "/auth/refresh"
        ? json(200, { access_token: "fresh", expires_in: 1800 })
        : json(401, { code: "not_signed_in" }),
    );
    access.openSession({ token: "old", expiresAt: Date.now() + 600_000 }, "u1");
    await expect(client.ok(client.api.GET("/auth/me"))).rejects.toMatchObject({ status: 401 });
    expect(server).toHaveBeenCalledTimes(3);
  });

  it("takes the token another tab has just got instead of asking again", async () => {
    const { access, refresh } = await openTab();
    access.openSession({ token: "from-another-tab", expiresAt: Date.now() + 600_000 }, "u1");
    expect(await refresh.refreshAccess("stale")).toBe(true);
    expect(refreshes()).toBe(0);
  });

  it("opens the dialog when the session is over, and keeps the page", async () => {
    const { access, client } = await openTab();
    server.mockImplementation(async () => json(401, { code: "session_over", detail: "Сеанс завершено." }));
    access.openSession({ token: "old", expiresAt: Date.now() + 600_000 }, "u1");
    await expect(client.ok(client.api.GET("/auth/me"))).rejects.toMatchObject({ status: 401 });
    expect(access.sessionState.get()).toBe("expired");
    expect(access.currentAccess()).toBeNull();
  });

  it("signs nobody out while the server is restarting or out of reach", async () => {
    const { access, refresh } = await openTab();
    access.openSession({ token: "old", expiresAt: Date.now() + 600_000 }, "u1");
    server.mockImplementation(async () => json(503, {}, { "Retry-After": "2" }));
    await expect(refresh.refreshAccess("old")).rejects.toMatchObject({ status: 503, retryAfter: 2 });
    server.mockRejectedValue(new TypeError("Failed to fetch"));
    await expect(refresh.refreshAccess("old")).rejects.toMatchObject({ code: "network" });
    expect(access.sessionState.get()).toBe("open");
  });

  it("leaves a wrong current password alone: the session stays", async () => {
    const { access, client } = await openTab();
    server.mockImplementation(async () =>
      json(401, { code: "wrong_current_password", detail: "Неправильний" }),
    );
    access.openSession({ token: "old", expiresAt: Date.now() + 600_000 }, "u1");
    const body = { current_password: "a", new_password: "b", confirm_password: "b" };
    await expect(client.ok(client.api.POST("/auth/change-password", { body }))).rejects.toMatchObject({
      code: "wrong_current_password",
    });
    expect(refreshes()).toBe(0);
    expect(access.sessionState.get()).toBe("open");
  });

  it("queues behind the other tabs where the browser has locks", async () => {
    let chain: Promise<unknown> = Promise.resolve();
    let queued = 0;
    type Work = (lock: object | null) => Promise<unknown>;
    const request = (
      _name: string,
      ...[how, then]: [Work] | [{ ifAvailable: true }, Work]
    ): Promise<unknown> => {
      const work = then ?? (how as Work);
      if (typeof how !== "function" && queued > 0) return work(null);
      queued += 1;
      const mine = chain.then(() => work({})).finally(() => (queued -= 1));
      chain = mine.catch(() => undefined);
      return mine;
    };
    const locks = { request };
    vi.stubGlobal("navigator", { ...navigator, locks });
    const first = await openTab();
    const second = await openTab();
    first.access.openSession({ token: "old", expiresAt: Date.now() + 600_000 }, "u1");
    const results = await Promise.all([
      first.refresh.refreshAccess("old"),
      second.refresh.refreshAccess("old"),
    ]);
    expect(results).toEqual([true, true]);
    expect(refreshes()).toBe(1);
    expect(second.access.currentAccess()?.token).toBe(first.access.currentAccess()?.token);
    expect(second.access.sessionState.get()).toBe("open");
  });
});
