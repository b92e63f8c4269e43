import { fetchAsPerson } from "@/shared/api/client";
import { problemFrom } from "@/shared/api/problem";

/** Saves everything the system holds about one person as a file. Throws ApiError. */
export async function exportPatient(id: string): Promise<void> {
  const response = await fetchAsPerson(
    new Request(new URL(`/api/patients/${id}/export`, window.location.origin)),
  );
  if (!response.ok) throw problemFrom(response.status, response.headers, await response.text());
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = `patient-${id}.json`;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the address after the click; revoking at once would break slow disks.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}
