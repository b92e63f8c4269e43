import { useQuery } from "@tanstack/react-query";
import { fetchAsPerson } from "@/shared/api/client";
import { problemFrom } from "@/shared/api/problem";
import { saveBlob } from "@/shared/save-blob";
import type { Attachment } from "@/shared/api/types";
import { useObjectUrl } from "@/shared/use-object-url";
import { upload, type UploadOptions } from "@/shared/api/upload";

async function call(path: string, method: "GET" | "DELETE"): Promise<Response> {
  const response = await fetchAsPerson(new Request(new URL(path, window.location.origin), { method }));
  if (!response.ok) throw problemFrom(response.status, response.headers, await response.text());
  return response;
}

const contentOf = async (file: Attachment): Promise<Blob> => {
  const response = await call(`/api/attachments/${file.id}?inline=1`, "GET");
  // The type the server found by content, not what a stranger's file says of itself.
  return new Blob([await response.arrayBuffer()], { type: file.mime_type });
};

export const isImage = (file: Attachment): boolean => file.mime_type.startsWith("image/");
export const isPreviewable = (file: Attachment): boolean =>
  isImage(file) || file.mime_type === "application/pdf";

/** The content of a file as an address for `img` and `iframe`; rights are checked by the call each time. */
export function useFileUrl(file: Attachment, enabled: boolean): { url: string | null; error: unknown } {
  const { data, error } = useQuery({
    queryKey: ["attachments", file.id],
    queryFn: () => contentOf(file),
    enabled,
    staleTime: Infinity,
    gcTime: 60_000,
  });
  const url = useObjectUrl(data);
  return { url, error };
}

/** Saves a file under its original name, Cyrillic included. Throws ApiError. */
export async function download(file: Attachment): Promise<void> {
  const response = await call(`/api/attachments/${file.id}`, "GET");
  saveBlob(await response.blob(), file.original_name);
}

export const deleteFile = async (file: Attachment): Promise<void> => {
  await call(`/api/attachments/${file.id}`, "DELETE");
};

export function uploadFile(caseId: string, file: File, options: UploadOptions): Promise<Attachment> {
  const form = new FormData();
  form.append("file", file, file.name);
  return upload<Attachment>(`/api/attachments/cases/${caseId}/upload`, form, options);
}
