import { EMPTY_FIELDS, type CaseFields } from "../fields/case-fields";

/** What is kept of a case being registered. The files themselves lie in the browser's database. */
export interface RegistrationDraft {
  fields: CaseFields;
  /** What is typed in the pickers; a picked entry stands in `fields` by its id. */
  categoryText: string;
  channelText: string;
  patientName: string;
  doctorName: string;
  fileNames: string[];
  /** One key for one case: sending again after a lost answer does not create a second one. */
  key: string;
}

export const DRAFT_NAME = "case.new";

export const emptyDraft = (key: string): RegistrationDraft => ({
  fields: EMPTY_FIELDS,
  categoryText: "",
  channelText: "",
  patientName: "",
  doctorName: "",
  fileNames: [],
  key,
});

/** The channel is filled in by itself and is no reason to keep a draft. */
export function isEmptyDraft(draft: RegistrationDraft): boolean {
  const { fields, categoryText, fileNames } = draft;
  const typed = (Object.entries(fields) as [string, string][]).some(
    ([name, value]) => name !== "channel_id" && value.trim() !== "",
  );
  return !typed && categoryText.trim() === "" && fileNames.length === 0;
}

/** A draft of an older version of this form may lack fields. */
export function completed(found: Partial<RegistrationDraft>, key: string): RegistrationDraft {
  const blank = emptyDraft(key);
  return { ...blank, ...found, fields: { ...blank.fields, ...found.fields } };
}

/** The multipart body of `POST /api/cases`; empty optional fields are left out. */
export function formOf(fields: CaseFields, files: readonly File[]): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields) as [string, string][]) {
    const text = value.trim();
    if (text !== "") form.append(name, text);
  }
  for (const file of files) form.append("files", file, file.name);
  return form;
}

/**
 * Whether the server has certainly created nothing, so the next try is a new request. After a lost answer or a
 * failure of the server it may have: then the same key goes along again.
 */
export const nothingWasCreated = (status: number): boolean => status >= 400 && status < 500 && status !== 401;

const CHANNEL_KEY = "ohmatdyt.channel.";

export function lastChannel(userId: string): string | null {
  try {
    return localStorage.getItem(CHANNEL_KEY + userId);
  } catch {
    return null;
  }
}

export function rememberChannel(userId: string, channelId: string): void {
  try {
    localStorage.setItem(CHANNEL_KEY + userId, channelId);
  } catch {
    // The default stands next time.
  }
}
