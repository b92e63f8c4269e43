import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
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
  type CaseFields,
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
  const [errors, setErrors] = useState<FieldErrors>({});
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [progress, setProgress] = useState<number | null>(null);
  const [saved, setSaved] = useState<CaseCard | null>(null);

  // Leaving a field and pressing a key may change two fields within one drawing of the screen: each change
  // starts from the newest text, not from what was drawn last.
  const latest = useRef(draft);
  const put = (next: RegistrationDraft): void => {
    latest.current = next;
    setDraft(next);
    keep(next);
  };
  const files = useDraftFiles(me.id, DRAFT_NAME, draft.fileNames, (fileNames) => {
    put({ ...latest.current, fileNames });
  });
  const change = (
    fields: Partial<CaseFields>,
    more: Partial<Omit<RegistrationDraft, "fields">> = {},
  ): void => {
    const { current } = latest;
    put({ ...current, ...more, fields: { ...current.fields, ...fields } });
    setErrors((known) => {
      const right = Object.keys(fields) as FieldName[];
      return right.some((name) => known[name])
        ? { ...known, ...Object.fromEntries(right.map((name) => [name, undefined])) }
        : known;
    });
  };
  const setField = (name: FieldName, value: string): void => {
    change({ [name]: value });
  };

  const startAfresh = (): void => {
    files.clear();
    const next = emptyDraft(newIdempotencyKey());
    const { channelText, fields } = latest.current;
    put({ ...next, channelText, fields: { ...next.fields, channel_id: fields.channel_id } });
    clear();
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
      put({ ...latest.current, key: newIdempotencyKey() });
  };

  const save = async (key = latest.current.key): Promise<void> => {
    if (progress !== null) return;
    const { fields } = latest.current;
    const found = checkFields(fields);
    setErrors(found);
    setFailure(null);
    const first = FIELD_ORDER.find((name) => found[name]);
    if (first) {
      focusField(first);
      return;
    }
    setProgress(0);
    try {
      const card = await upload<CaseCard>("/api/cases", formOf(fields, files.files), {
        idempotencyKey: key,
        onProgress: setProgress,
      });
      rememberChannel(me.id, fields.channel_id);
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
    put({ ...latest.current, key });
    void save(key);
  };
  const another = (): void => {
    setSaved(null);
  };

  return {
    draft,
    change,
    setField,
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
