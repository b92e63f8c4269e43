import { fetchAsPerson } from "@/shared/api/client";
import { problemFrom } from "@/shared/api/problem";
import { saveBlob } from "@/shared/save-blob";

/** Saves everything the system holds about one person as a file. Throws ApiError. */
export async function exportPatient(id: string): Promise<void> {
  const response = await fetchAsPerson(
    new Request(new URL(`/api/patients/${id}/export`, window.location.origin)),
  );
  if (!response.ok) throw problemFrom(response.status, response.headers, await response.text());
  saveBlob(await response.blob(), `patient-${id}.json`);
}
