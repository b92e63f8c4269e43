import { locale } from "../preferences";
import { currentAccess } from "./access";
import { reportReachable, reportUnreachable } from "./connection";
import { networkError, problemFrom } from "./problem";
import { freshToken, refreshAccess } from "./refresh";

export interface UploadOptions {
  /** From 0 to 1 of the whole body. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
  idempotencyKey?: string;
}

interface Answer {
  status: number;
  body: string;
  headers: { get: (name: string) => string | null };
}

// `fetch` cannot tell how much of a body has left; XMLHttpRequest can.
function post(url: string, form: FormData, token: string | null, options: UploadOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("Accept-Language", locale.get());
    if (token) request.setRequestHeader("Authorization", `Bearer ${token}`);
    if (options.idempotencyKey) request.setRequestHeader("Idempotency-Key", options.idempotencyKey);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) options.onProgress?.(event.loaded / event.total);
    };
    request.onload = () => {
      reportReachable();
      const headers = { get: (name: string) => request.getResponseHeader(name) };
      resolve({ status: request.status, body: request.responseText, headers });
    };
    request.onerror = () => {
      reportUnreachable();
      reject(networkError());
    };
    request.onabort = () => {
      reject(new DOMException("The upload was cancelled", "AbortError"));
    };
    options.signal?.addEventListener("abort", () => {
      request.abort();
    });
    if (options.signal?.aborted) reject(new DOMException("The upload was cancelled", "AbortError"));
    else request.send(form);
  });
}

/** Sends a form with files, telling the progress. Same sign-in rules and same ApiError as the client. */
export async function upload<T>(url: string, form: FormData, options: UploadOptions = {}): Promise<T> {
  const token = await freshToken();
  let answer = await post(url, form, token, options);
  if (answer.status === 401 && (await refreshAccess(token)))
    answer = await post(url, form, currentAccess()?.token ?? null, options);
  if (answer.status < 200 || answer.status >= 300)
    throw problemFrom(answer.status, answer.headers, answer.body);
  return (answer.body === "" ? undefined : JSON.parse(answer.body)) as T;
}
