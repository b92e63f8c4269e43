import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, Input, Modal } from "antd";
import { useCallback, useState, type KeyboardEvent } from "react";
import { toApiError } from "@/shared/api/problem";
import type { CaseCard, CaseStatus, Me } from "@/shared/api/types";
import { useDraft } from "@/shared/drafts";
import { formatNumber } from "@/shared/plural";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { StatusPill } from "@/shared/ui/StatusPill";
import { uiTexts } from "@/shared/ui/texts";
import { caseKeys, putCard } from "../api/cases";
import { Field } from "../fields/Field";
import {
  changeStatus,
  characters,
  conflictWords,
  EXPLANATION,
  hearersOfAssignment,
  lengthOf,
} from "./actions";
import { workTexts } from "./texts";
import styles from "./Work.module.css";

interface Props {
  card: CaseCard;
  me: Me;
  onClose: () => void;
}

const isBlank = (text: string): boolean => text.trim() === "";

/** A new state with its explanation; only what the server allows is offered. */
export function StatusDialog({ card, me, onClose }: Props) {
  const { status: t, assignment } = workTexts.use();
  const ui = uiTexts.use();
  const client = useQueryClient();
  const { message } = App.useApp();
  const allowed = card.allowed_statuses;
  const draft = useDraft<string>(me.id, `case.${card.public_id.toString()}.status`, isBlank);
  const [comment, setComment] = useState(draft.found?.value ?? "");
  const [chosen, setChosen] = useState<CaseStatus | null>(allowed.length === 1 ? (allowed[0] ?? null) : null);
  const to = chosen !== null && allowed.includes(chosen) ? chosen : null;
  const [isTried, setIsTried] = useState(false);
  const [isSaving, setIsSaving] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [conflict, setConflict] = useState<string | null>(null);

  const length = lengthOf(comment);
  const lengthProblem =
    length < EXPLANATION.min
      ? t.left(characters(EXPLANATION.min - length))
      : length > EXPLANATION.max
        ? t.over(characters(length - EXPLANATION.max))
        : null;

  const save = async (): Promise<void> => {
    setIsTried(true);
    if (to === null || lengthProblem !== null || isSaving) return;
    setIsSaving(true);
    setFailure(null);
    setConflict(null);
    try {
      const changed = await changeStatus(card, to, comment.trim());
      draft.clear();
      putCard(client, changed);
      void message.success(t.done);
      onClose();
    } catch (error) {
      if (toApiError(error).status === 409) {
        setConflict(conflictWords(error));
        void client.invalidateQueries({ queryKey: caseKeys.card(card.public_id.toString()) });
      } else setFailure(error);
    } finally {
      setIsSaving(false);
    }
  };
  const onKeyDown = useCallback((event: KeyboardEvent, run: () => void) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      run();
    }
  }, []);

  // Back in the queue, the case is taken off whoever had it: he hears of it as well as the author.
  const dropped = to === "NEW" ? hearersOfAssignment(card, null, me.id) : [];
  const hears =
    dropped.length > 0
      ? assignment.hears(dropped.join(", "))
      : card.author.id === me.id
        ? null
        : t.hears(card.author.full_name);

  return (
    <Modal
      open
      title={t.title(card.public_id.toString())}
      okText={t.save}
      cancelText={ui.cancel}
      confirmLoading={isSaving}
      onOk={() => void save()}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <div className={styles.form}>
        {conflict ? <Alert type="warning" showIcon role="alert" title={conflict} /> : null}
        <ErrorNote error={failure} />
        <div>
          <span className="muted">{t.now}:</span> <StatusPill status={card.status} />
        </div>
        <fieldset className={styles.choices}>
          <legend>{t.to}</legend>
          {allowed.map((status, index) => (
            <label key={status} className={styles.choice} data-chosen={status === to}>
              <input
                type="radio"
                name="to_status"
                value={status}
                checked={status === to}
                // The first choice is where the hand goes.
                autoFocus={index === 0 && allowed.length > 1}
                onChange={() => {
                  setChosen(status);
                }}
              />
              <StatusPill status={status} />
            </label>
          ))}
          {isTried && to === null ? (
            <p className={styles.wrong} role="alert">
              {t.choose}
            </p>
          ) : null}
        </fieldset>
        <Field
          id="status-comment"
          label={t.comment}
          required
          error={isTried && lengthProblem !== null ? lengthProblem : undefined}
          hint={lengthProblem ?? t.count(formatNumber(length), formatNumber(EXPLANATION.max))}
        >
          {(aria) => (
            <Input.TextArea
              {...aria}
              value={comment}
              autoFocus={allowed.length === 1}
              placeholder={to ? t.commentHint[to] : undefined}
              autoSize={{ minRows: 4, maxRows: 12 }}
              onKeyDown={(event) => {
                onKeyDown(event, () => void save());
              }}
              onChange={(event) => {
                setComment(event.target.value);
                draft.keep(event.target.value);
              }}
            />
          )}
        </Field>
        {hears ? (
          <p className={styles.hears} role="status">
            {hears}
          </p>
        ) : null}
      </div>
    </Modal>
  );
}
