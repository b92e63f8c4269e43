import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Input, Modal, Select } from "antd";
import { useState } from "react";
import { toApiError } from "@/shared/api/problem";
import type { CaseCard, Me } from "@/shared/api/types";
import { matches } from "@/shared/match";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { uiTexts } from "@/shared/ui/texts";
import { caseKeys, putCard } from "../api/cases";
import { useAssignees } from "../api/directories";
import { useWorkloads } from "../api/workload";
import { Field } from "../fields/Field";
import { assignCase, characters, conflictWords, EXPLANATION, hearersOfAssignment, lengthOf } from "./actions";
import { workTexts } from "./texts";
import { workloadWords } from "./workload-words";
import styles from "./Work.module.css";

interface Props {
  card: CaseCard;
  me: Me;
  onClose: () => void;
}

/** Gives a case to somebody, or takes it from whoever has it. */
export function AssignDialog({ card, me, onClose }: Props) {
  const texts = workTexts.use();
  const t = texts.assignment;
  const ui = uiTexts.use();
  const client = useQueryClient();
  const { message } = App.useApp();
  const people = useAssignees(true);
  const workloads = useWorkloads(true);
  const [who, setWho] = useState<string | null>(null);
  const [isRemoving, setIsRemoving] = useState(false);
  const [comment, setComment] = useState("");
  const [isTried, setIsTried] = useState(false);
  const [isSaving, setIsSaving] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [conflict, setConflict] = useState<string | null>(null);

  const length = lengthOf(comment);
  const commentProblem =
    length > EXPLANATION.max
      ? texts.status.over(characters(length - EXPLANATION.max))
      : (isRemoving || length > 0) && length < EXPLANATION.min
        ? texts.status.left(characters(EXPLANATION.min - length))
        : undefined;

  const save = async (): Promise<void> => {
    setIsTried(true);
    if (isSaving || commentProblem !== undefined || (!isRemoving && who === null)) return;
    setIsSaving(true);
    setFailure(null);
    setConflict(null);
    try {
      putCard(client, await assignCase(card, isRemoving ? null : who, comment.trim()));
      void message.success(isRemoving ? t.undone : t.done);
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

  const options = (people ?? []).map((person) => {
    const may = person.role === "ADMIN" || person.categoryIds.includes(card.category.id);
    const notes = [
      person.id === me.id ? t.me : null,
      person.role === "ADMIN" ? t.admin : may ? null : t.noAccess,
    ].filter((note) => note !== null);
    const workload = workloads?.get(person.id);
    return {
      more: workload && may ? workloadWords(workload) : "",
      value: person.id,
      label: notes.length ? `${person.full_name} · ${notes.join(", ")}` : person.full_name,
      disabled: !may || person.id === card.responsible?.id,
      order: may ? 0 : 1,
    };
  });

  const next = isRemoving ? null : (people?.find(({ id }) => id === who) ?? null);
  const hearers = isRemoving || next ? hearersOfAssignment(card, next, me.id) : null;

  return (
    <Modal
      open
      title={t.title(card.public_id.toString())}
      onCancel={onClose}
      mask={{ closable: false }}
      footer={
        <div className={styles.footer}>
          {card.responsible && !isRemoving ? (
            <Button
              danger
              type="text"
              onClick={() => {
                setIsRemoving(true);
                setIsTried(false);
              }}
            >
              {t.unassign}
            </Button>
          ) : null}
          <span className={styles.gap} />
          <Button onClick={isRemoving ? () => setIsRemoving(false) : onClose}>
            {isRemoving ? t.back : ui.cancel}
          </Button>
          <Button type="primary" danger={isRemoving} loading={isSaving} onClick={() => void save()}>
            {isRemoving ? t.unassign : t.save}
          </Button>
        </div>
      }
    >
      <div className={styles.form}>
        {conflict ? <Alert type="warning" showIcon role="alert" title={conflict} /> : null}
        <ErrorNote error={failure} />
        <div>
          <span className="muted">{t.now}:</span> {card.responsible?.full_name ?? t.nobody}
        </div>
        {isRemoving ? (
          <p className={styles.hears}>{t.unassignHint}</p>
        ) : (
          <Field
            id="assign-who"
            label={t.who}
            required
            error={isTried && who === null ? t.choose : undefined}
          >
            {(aria) => (
              <Select
                {...aria}
                autoFocus
                style={{ width: "100%" }}
                value={who}
                loading={people === undefined}
                placeholder={t.placeholder}
                options={options.sort((a, b) => a.order - b.order)}
                optionRender={({ data }) => (
                  <>
                    {data.label}
                    {data.more ? <div className={styles.load}>{data.more}</div> : null}
                  </>
                )}
                showSearch={{ filterOption: (input, option) => matches(option?.label ?? "", input) }}
                onChange={setWho}
              />
            )}
          </Field>
        )}
        <Field
          id="assign-comment"
          label={t.comment}
          required={isRemoving}
          error={isTried ? commentProblem : undefined}
        >
          {(aria) => (
            <Input.TextArea
              {...aria}
              value={comment}
              autoSize={{ minRows: 2, maxRows: 8 }}
              onChange={(event) => {
                setComment(event.target.value);
              }}
            />
          )}
        </Field>
        {hearers ? (
          <p className={styles.hears} role="status">
            {hearers.length ? t.hears(hearers.join(", ")) : t.hearsNobody}
          </p>
        ) : null}
      </div>
    </Modal>
  );
}
