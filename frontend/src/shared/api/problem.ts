import { apiTexts } from "./texts";

export interface FieldError {
  field: string;
  message: string;
}

interface Details {
  status: number;
  code: string;
  detail: string;
  errors?: FieldError[];
  extra?: Record<string, unknown>;
  requestId?: string | null;
  /** Seconds from `Retry-After`. */
  retryAfter?: number | null;
}

/** Every failure of a call: an answer of the server (RFC 9457), or no answer at all (status 0). */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors: FieldError[];
  /** Further members of the problem document, e.g. `cases`, `allowed`, `winner`. */
  readonly extra: Record<string, unknown>;
  readonly requestId: string | null;
  readonly retryAfter: number | null;

  constructor(details: Details) {
    super(details.detail);
    this.status = details.status;
    this.code = details.code;
    this.detail = details.detail;
    this.errors = details.errors ?? [];
    this.extra = details.extra ?? {};
    this.requestId = details.requestId ?? null;
    this.retryAfter = details.retryAfter ?? null;
  }
}

export const isApiError = (error: unknown): error is ApiError => error instanceof ApiError;

/** What to say about any thrown thing; the same words everywhere. */
export function toApiError(error: unknown): ApiError {
  if (isApiError(error)) return error;
  const detail = apiTexts.now().unexpected;
  return new ApiError({ status: 0, code: "unexpected", detail });
}

export function networkError(): ApiError {
  return new ApiError({ status: 0, code: "network", detail: apiTexts.now().network });
}

const KNOWN = new Set(["type", "title", "status", "detail", "code", "errors", "request_id", "instance"]);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

function fieldErrors(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (item): item is FieldError =>
      isRecord(item) && typeof item.field === "string" && typeof item.message === "string",
  );
}

/** Seconds from a `Retry-After` header: a number, or an HTTP date. */
export function retryAfterSeconds(header: string | null, now = Date.now()): number | null {
  if (!header) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now) / 1000));
}

/** The error behind an answer. A body that is not a problem document (a proxy's page) gives the general words. */
export function problemFrom(status: number, headers: Pick<Headers, "get">, body: string): ApiError {
  let problem: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(body);
    if (isRecord(parsed)) problem = parsed;
  } catch {
    // Not JSON: said below in general words.
  }
  const texts = apiTexts.now();
  return new ApiError({
    status,
    code: textOf(problem.code) ?? `http_${status.toString()}`,
    detail: textOf(problem.detail) ?? textOf(problem.title) ?? texts.byStatus(status),
    errors: fieldErrors(problem.errors),
    extra: Object.fromEntries(Object.entries(problem).filter(([key]) => !KNOWN.has(key))),
    requestId: textOf(problem.request_id) ?? headers.get("X-Request-ID"),
    retryAfter: retryAfterSeconds(headers.get("Retry-After")),
  });
}
