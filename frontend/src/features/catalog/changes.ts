import { api, ok } from "@/shared/api/client";
import type { DirectoryEntry } from "@/shared/api/types";
import type { Place } from "./queries";

interface AddInput {
  place: Place;
  name: string;
  key: string;
}

interface EntryInput {
  place: Place;
  id: string;
}

const entry = (entry_id: string) => ({ params: { path: { entry_id } } });
const sub = (category_id: string, subcategory_id: string) => ({
  params: { path: { category_id, subcategory_id } },
});

export function addEntry({ place, name, key }: AddInput): Promise<DirectoryEntry> {
  const rest = { body: { name }, headers: { "Idempotency-Key": key } };
  if (place.kind === "categories") return ok(api.POST("/api/categories", rest));
  if (place.kind === "channels") return ok(api.POST("/api/channels", rest));
  const params = { path: { category_id: place.categoryId } };
  return ok(api.POST("/api/categories/{category_id}/subcategories", { params, ...rest }));
}

export function renameEntry({ place, id, name }: EntryInput & { name: string }): Promise<DirectoryEntry> {
  const body = { name };
  if (place.kind === "categories") return ok(api.PUT("/api/categories/{entry_id}", { ...entry(id), body }));
  if (place.kind === "channels") return ok(api.PUT("/api/channels/{entry_id}", { ...entry(id), body }));
  const path = "/api/categories/{category_id}/subcategories/{subcategory_id}";
  return ok(api.PUT(path, { ...sub(place.categoryId, id), body }));
}

export function activateEntry({ place, id }: EntryInput): Promise<DirectoryEntry> {
  if (place.kind === "categories") return ok(api.POST("/api/categories/{entry_id}/activate", entry(id)));
  if (place.kind === "channels") return ok(api.POST("/api/channels/{entry_id}/activate", entry(id)));
  const path = "/api/categories/{category_id}/subcategories/{subcategory_id}/activate";
  return ok(api.POST(path, sub(place.categoryId, id)));
}

/** Answers with the number of open cases that keep using the entry. */
export function deactivateEntry({ place, id }: EntryInput): Promise<DirectoryEntry & { open_cases: number }> {
  if (place.kind === "categories") return ok(api.POST("/api/categories/{entry_id}/deactivate", entry(id)));
  if (place.kind === "channels") return ok(api.POST("/api/channels/{entry_id}/deactivate", entry(id)));
  const path = "/api/categories/{category_id}/subcategories/{subcategory_id}/deactivate";
  return ok(api.POST(path, sub(place.categoryId, id)));
}
