import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { api, ok } from "@/shared/api/client";
import { toApiError, type ApiError } from "@/shared/api/problem";
import type { CaseCard, Me } from "@/shared/api/types";
import { useDraft } from "@/shared/drafts";
import { caseKeys, putCard } from "../api/cases";
import {
  checkFields,
  FIELD_ORDER,
  sortErrors,
  type CaseFields,
  type FieldErrors,
  type FieldName,
} from "../fields/case-fields";
import type { Choice } from "../fields/Combobox";
import { changedFields, fieldsOf, merge, patchOf } from "./conflict";

/** Fields that hold an id: what stands for it on the screen is kept beside. */
type ChosenField = "category_id" | "channel_id" | "patient_id" | "doctor_id";
type ChosenTexts = Record<ChosenField, string>;

interface EditDraft {
  fields: CaseFields;
  /** The words of what was picked, by its field. */
  texts: ChosenTexts;
  /** What the person started from, and its version: a change by a colleague shows against it. */
  base: CaseFields;
  version: number;
}

const isUnchanged = (draft: EditDraft): boolean => changedFields(draft.base, draft.fields).length === 0;

const textsOf = (card: CaseCard): ChosenTexts => ({
  category_id: card.category.name,
  channel_id: card.channel.name,
  patient_id: card.patient?.full_name ?? "",
  doctor_id: card.doctor?.full_name ?? "",
});

/** A draft kept by an older version of this form may lack fields. */
const completed = (found: EditDraft, card: CaseCard): EditDraft => ({
  ...found,
  fields: { ...fieldsOf(card), ...found.fields },
  base: { ...fieldsOf(card), ...found.base },
  texts: { ...textsOf(card), ...found.texts },
});

const draftOf = (card: CaseCard): EditDraft => ({
  fields: fieldsOf(card),
  texts: textsOf(card),
  base: fieldsOf(card),
  version: card.version,
});

export function useCaseEditor(card: CaseCard, me: Me, onSaved: () => void) {
  const client = useQueryClient();
  const { found, keep, clear } = useDraft<EditDraft>(
    me.id,
    `case.${card.public_id.toString()}.edit`,
    isUnchanged,
  );
  const [draft, setDraft] = useState<EditDraft>(() => (found ? completed(found.value, card) : draftOf(card)));
  const [errors, setErrors] = useState<FieldErrors>({});
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  const [theirs, setTheirs] = useState<CaseCard | null>(null);
  const [conflicts, setConflicts] = useState<FieldName[]>([]);
  const [takenOver, setTakenOver] = useState<FieldName[]>([]);

  const put = useCallback(
    (next: EditDraft) => {
      setDraft(next);
      keep(next);
    },
    [keep],
  );
  const setField = (name: FieldName, value: string): void => {
    put({ ...draft, fields: { ...draft.fields, [name]: value } });
    if (errors[name]) setErrors({ ...errors, [name]: undefined });
  };
  const setChoice = (name: ChosenField, text: string, picked: Choice | null): void => {
    put({
      ...draft,
      texts: { ...draft.texts, [name]: text },
      fields: { ...draft.fields, [name]: picked?.value ?? "" },
    });
    if (errors[name]) setErrors({ ...errors, [name]: undefined });
  };

  /** Somebody was faster: bring both states together and let the person decide where they differ. */
  const meet = (newest: CaseCard): void => {
    client.setQueryData(caseKeys.card(card.public_id.toString()), newest);
    const result = merge(draft.base, draft.fields, fieldsOf(newest));
    const theirTexts = textsOf(newest);
    const theirFields = fieldsOf(newest);
    const texts = { ...draft.texts };
    for (const name of Object.keys(texts) as ChosenField[])
      if (result.fields[name] === theirFields[name]) texts[name] = theirTexts[name];
    put({
      fields: result.fields,
      texts,
      base: theirFields,
      version: newest.version,
    });
    setTheirs(newest);
    setConflicts(result.conflicts);
    setTakenOver(result.takenOver);
  };

  /** The person chose for one field; «theirs» replaces what was typed only on that click. */
  const resolve = (name: FieldName, choice: "mine" | "theirs"): void => {
    setConflicts(conflicts.filter((known) => known !== name));
    if (choice === "mine" || !theirs) return;
    const theirTexts = textsOf(theirs);
    const texts =
      name in theirTexts ? { ...draft.texts, [name]: theirTexts[name as ChosenField] } : draft.texts;
    put({ ...draft, texts, fields: { ...draft.fields, [name]: fieldsOf(theirs)[name] } });
  };

  const save = async (): Promise<void> => {
    if (isSaving) return;
    const wrong = checkFields(draft.fields);
    setErrors(wrong);
    setFailure(null);
    const first = FIELD_ORDER.find((name) => wrong[name]);
    if (first) {
      document.getElementById(`edit-${first}`)?.focus();
      return;
    }
    const body = patchOf(draft.base, draft.fields);
    if (Object.keys(body).length === 0) {
      clear();
      onSaved();
      return;
    }
    setIsSaving(true);
    try {
      const saved = await ok(
        api.PATCH("/api/cases/{case}", {
          params: {
            path: { case: card.public_id.toString() },
            header: { "if-match": `"${draft.version.toString()}"` },
          },
          body,
        }),
      );
      clear();
      putCard(client, saved);
      onSaved();
    } catch (thrown) {
      const error = toApiError(thrown);
      const newest = error.extra.case as CaseCard | undefined;
      if (error.status === 412 && newest) meet(newest);
      else {
        const sorted = sortErrors(error.errors);
        setErrors(sorted.fields);
        setFailure(error.errors.length === 0 || sorted.rest.length > 0 ? error : null);
        if (error.status === 409)
          void client.invalidateQueries({ queryKey: caseKeys.card(card.public_id.toString()) });
      }
    } finally {
      setIsSaving(false);
    }
  };

  return {
    fields: draft.fields,
    texts: draft.texts,
    mayEdit: card.allowed_actions.includes("edit"),
    errors,
    failure,
    isSaving,
    theirs,
    conflicts,
    takenOver,
    setField,
    setChoice,
    resolve,
    save: () => void save(),
  };
}

export type CaseEditor = ReturnType<typeof useCaseEditor>;
