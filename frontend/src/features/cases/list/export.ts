import { fetchAsPerson } from "@/shared/api/client";
import { networkError, problemFrom } from "@/shared/api/problem";
import { saveBlob } from "@/shared/save-blob";
import type { CaseQuery } from "../api/cases";

export const EXPORT_FORMATS = ["xlsx", "csv"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The address of an export of the whole list: its filters and order, without its page. */
export function exportAddress(query: CaseQuery, format: ExportFormat): string {
  const parameters = new URLSearchParams({ format });
  for (const [name, value] of Object.entries(query) as [string, unknown][]) {
    if (["page", "page_size", "after"].includes(name) || value === undefined || value === null) continue;
    for (const one of Array.isArray(value) ? value : [value]) parameters.append(name, String(one));
  }
  return `/api/cases/export?${parameters.toString()}`;
}

const nameOf = (response: Response, format: ExportFormat): string =>
  /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? `zvernennia.${format}`;

/**
 * Reads the export and saves it under the server's name. The server streams and cannot say how long it will be:
 * `onBytes` tells how much has come. Throws ApiError, or AbortError when stopped.
 */
export async function exportCases(
  query: CaseQuery,
  format: ExportFormat,
  { onBytes, signal }: { onBytes: (count: number) => void; signal: AbortSignal },
): Promise<void> {
  const address = new URL(exportAddress(query, format), window.location.origin);
  const response = await fetchAsPerson(new Request(address, { signal, cache: "no-store" }));
  if (!response.ok) throw problemFrom(response.status, response.headers, await response.text());
  if (!response.body) throw networkError();
  const chunks: BlobPart[] = [];
  let bytes = 0;
  const reader = response.body.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    chunks.push(piece.value);
    bytes += piece.value.length;
    onBytes(bytes);
  }
  saveBlob(new Blob(chunks, { type: response.headers.get("Content-Type") ?? "" }), nameOf(response, format));
}
