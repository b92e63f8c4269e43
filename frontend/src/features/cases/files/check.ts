import { counted, formatNumber } from "@/shared/plural";
import type { Limits } from "@/shared/api/limits";
import { fileTexts } from "./texts";

export const EXTENSIONS = ["pdf", "doc", "docx", "xls", "xlsx", "jpg", "jpeg", "png"] as const;
export const ACCEPT = EXTENSIONS.map((extension) => `.${extension}`).join(",");

export interface Refused {
  name: string;
  reason: string;
}

export const extensionOf = (name: string): string => {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : "";
};

const isSame = (a: File, b: File): boolean =>
  a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;

/**
 * Parts newly chosen files into those that can be sent and those that cannot, each with its reason. The server judges
 * again, the content as well.
 */
export function checkFiles(
  chosen: readonly File[],
  incoming: readonly File[],
  limits: Limits,
): { accepted: File[]; refused: Refused[] } {
  const t = fileTexts.now();
  const accepted: File[] = [];
  const refused: Refused[] = [];
  for (const file of incoming) {
    const reason = problemOf(file, [...chosen, ...accepted], limits);
    if (reason === null) accepted.push(file);
    else if (reason !== "") refused.push({ name: file.name || t.unnamed, reason });
  }
  return { accepted, refused };
}

/** Null: fine. Empty: the same file again, nothing to say. */
function problemOf(file: File, chosen: readonly File[], limits: Limits): string | null {
  const t = fileTexts.now().refused;
  if (!EXTENSIONS.some((extension) => extension === extensionOf(file.name))) return t.type;
  if (file.size === 0) return t.empty;
  if (file.size > limits.max_file_bytes)
    return t.size(formatSize(file.size), formatSize(limits.max_file_bytes));
  if (chosen.some((known) => isSame(known, file))) return "";
  if (chosen.length >= limits.max_files) return t.count(counted(limits.max_files, "filesUpTo"));
  return null;
}

/** «820 КБ», «2,4 МБ». */
export function formatSize(bytes: number): string {
  const t = fileTexts.now().units;
  if (bytes < 1024) return `${formatNumber(bytes)}\u00a0${t.b}`;
  if (bytes < 1024 * 1024) return `${formatNumber(Math.round(bytes / 1024))}\u00a0${t.kb}`;
  return `${formatNumber(Math.round((bytes / 1024 / 1024) * 10) / 10)}\u00a0${t.mb}`;
}

/** A pasted picture has the name «image.png» each time; the time tells them apart. */
export function nameOfPasted(file: File, now: Date): File {
  if (file.name !== "image.png") return file;
  const stamp = now.toISOString().slice(0, 19).replace("T", "-").replaceAll(":", "");
  return new File([file], `${fileTexts.now().pasted}-${stamp}.png`, {
    type: file.type,
    lastModified: now.getTime(),
  });
}
