import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { newIdempotencyKey } from "@/shared/api/idempotency";
import { toApiError, type ApiError } from "@/shared/api/problem";
import type { CaseCard, Me } from "@/shared/api/types";
import { upload } from "@/shared/api/upload";
import { useDraft } from "@/shared/drafts";
import { putCard } from "../api/cases";
import {
  checkFields,
  FIELD_ORDER,
  sortErrors,
  type FieldErrors,
  type FieldName,
} from "../fields/case-fields";
import {
  completed,
  DRAFT_NAME,
  emptyDraft,
  formOf,
  isEmptyDraft,
  nothingWasCreated,
  rememberChannel,
  type RegistrationDraft,
} from "./draft";
import { useDraftFiles } from "./use-draft-files";

export const fieldId = (name: FieldName): string => `case-${name}`;

export function focusField(name: FieldName): void {
  const field = document.getElementById(fieldId(name));
  field?.focus();
  field?.scrollIntoView({ block: "nearest" });
}

/** Everything behind the form: text, files, draft, sending. Nothing typed is ever cleared but by success. */
export function useRegistration(me: Me) {
  const client = useQueryClient();
  const { found, savedAt, keep, clear } = useDraft<RegistrationDraft>(me.id, DRAFT_NAME, isEmptyDraft);
  const [draft, setDraft] = useState(() =>
    found ? completed(found.value, newIdempotencyKey()) : emptyDraft(newIdempotencyKey()),
  );
  const [restoredAt, setRestoredAt] = useState(found?.savedAt ?? null);
  const files = useDraftFiles(me.id, DRAFT_NAME, draft.fileNames);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [progress, setProgress] = useState<number | null>(null);
  const [saved, setSaved] = useState<CaseCard | null>(null);

  const put = (next: RegistrationDraft): void => {
    setDraft(next);
    keep(next);
  };
  const names = files.files.map((file) => file.name);
  const known = [...names, ...files.lost];
  if (
    known.join("\n") !== draft.fileNames.join("\n") &&
    (names.length > 0 || files.lost.length > 0 || draft.fileNames.length === 0)
  )
    setDraft({ ...draft, fileNames: known });

  const setField = (name: FieldName, value: string, more: Partial<RegistrationDraft> = {}): void => {
    put({ ...draft, ...more, fields: { ...draft.fields, ...more.fields, [name]: value } });
    if (errors[name]) setErrors({ ...errors, [name]: undefined });
  };

  const startAfresh = (): void => {
    clear();
    files.clear();
    const next = emptyDraft(newIdempotencyKey());
    const { channel_id } = draft.fields;
    setDraft({ ...next, channelText: draft.channelText, fields: { ...next.fields, channel_id } });
    setRestoredAt(null);
    setErrors({});
    setFailure(null);
  };

  const fail = (thrown: unknown): void => {
    const error = toApiError(thrown);
    const sorted = sortErrors(error.errors);
    setErrors(sorted.fields);
    if (sorted.files.length > 0) files.refuse(sorted.files.map((reason) => ({ name: "", reason })));
    const isHomeless = error.errors.length === 0 || sorted.rest.length > 0;
    setFailure(isHomeless ? error : null);
    const first = FIELD_ORDER.find((name) => sorted.fields[name]);
    if (first) focusField(first);
    if (nothingWasCreated(error.status) && error.code !== "idempotency_key_reused")
      put({ ...draft, key: newIdempotencyKey() });
  };

  const save = async (key = draft.key): Promise<void> => {
    if (progress !== null) return;
    const found = checkFields(draft.fields);
    setErrors(found);
    setFailure(null);
    const first = FIELD_ORDER.find((name) => found[name]);
    if (first) {
      focusField(first);
      return;
    }
    setProgress(0);
    try {
      const card = await upload<CaseCard>("/api/cases", formOf(draft.fields, files.files), {
        idempotencyKey: key,
        onProgress: setProgress,
      });
      rememberChannel(me.id, draft.fields.channel_id);
      startAfresh();
      putCard(client, card);
      setSaved(card);
    } catch (thrown) {
      fail(thrown);
    } finally {
      setProgress(null);
    }
  };

  const saveAsNew = (): void => {
    const key = newIdempotencyKey();
    put({ ...draft, key });
    void save(key);
  };
  const another = (): void => {
    setSaved(null);
  };

  return {
    draft,
    setField,
    put,
    files,
    errors,
    failure,
    progress,
    saved,
    savedAt,
    restoredAt,
    save: () => void save(),
    saveAsNew,
    startAfresh,
    another,
  };
}

export type Registration = ReturnType<typeof useRegistration>;
