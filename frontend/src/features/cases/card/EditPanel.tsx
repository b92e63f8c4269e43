import { Alert, App, Button, Drawer, Input } from "antd";
import { DoctorPicker } from "@/features/people/pick/DoctorPicker";
import { PatientPicker } from "@/features/people/pick/PatientPicker";
import type { CaseCard, Me } from "@/shared/api/types";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { uiTexts } from "@/shared/ui/texts";
import { useCategories, useChannels, useSubcategories } from "../api/directories";
import { LIMITS, type FieldName } from "../fields/case-fields";
import { Combobox, type Choice } from "../fields/Combobox";
import { Field } from "../fields/Field";
import { fieldTexts } from "../fields/texts";
import styles from "./Card.module.css";
import { ConflictNote } from "./ConflictNote";
import { cardTexts } from "./texts";
import { useCaseEditor } from "./use-case-editor";

interface Props {
  card: CaseCard;
  me: Me;
  onClose: () => void;
}

const choicesOf = (entries: readonly { id: string; name: string }[] | undefined): Choice[] =>
  (entries ?? []).map(({ id, name }) => ({ value: id, label: name }));

interface Person {
  id: string;
  full_name: string;
}

const choiceOf = (person: Person): Choice => ({ value: person.id, label: person.full_name });
const personOf = (personId: string, name: string): Person | null =>
  personId === "" ? null : { id: personId, full_name: name };
/** Mine and the colleague's, for the note about a conflict. */
const peopleOf = (personId: string, name: string, theirs: Person | null | undefined): Choice[] =>
  [personOf(personId, name), theirs ?? null].filter((one) => one !== null).map(choiceOf);

const id = (name: FieldName): string => `edit-${name}`;

/** The case's fields in a side panel. A colleague's change meanwhile is merged or asked about, never overwritten. */
export function EditPanel({ card, me, onClose }: Props) {
  const t = cardTexts.use().editor;
  const ft = fieldTexts.use();
  const ui = uiTexts.use();
  const { message } = App.useApp();
  const editor = useCaseEditor(card, me, () => {
    void message.success(t.saved);
    onClose();
  });
  const { fields, texts, errors, setField, save } = editor;
  const categories = choicesOf(useCategories());
  const channels = choicesOf(useChannels());
  const subcategories = choicesOf(useSubcategories(fields.category_id));
  const focus = (name: FieldName) => () => {
    document.getElementById(id(name))?.focus();
  };
  const line = (name: "applicant_phone" | "applicant_name" | "applicant_email", required = false) => (
    <Field id={id(name)} label={ft.names[name]} error={errors[name]} required={required}>
      {(aria) => (
        <Input
          {...aria}
          value={fields[name]}
          maxLength={LIMITS[name]}
          status={errors[name] ? "error" : ""}
          onChange={(event) => {
            setField(name, event.target.value);
          }}
        />
      )}
    </Field>
  );
  return (
    <Drawer
      open
      size={480}
      title={t.title(card.public_id.toString())}
      onClose={onClose}
      mask={{ closable: false }}
      footer={
        <div className={styles.versionButtons}>
          <Button type="primary" loading={editor.isSaving} disabled={!editor.mayEdit} onClick={save}>
            {t.save}
          </Button>
          <Button onClick={onClose}>{ui.cancel}</Button>
        </div>
      }
    >
      <div
        className={styles.editor}
        role="presentation"
        onKeyDown={(event) => {
          if (event.code === "Enter" && (event.ctrlKey || event.metaKey)) save();
        }}
      >
        {editor.mayEdit ? null : <Alert type="warning" showIcon role="alert" title={t.locked} />}
        <ConflictNote
          editor={editor}
          names={{
            category_id: categories,
            channel_id: channels,
            patient_id: peopleOf(fields.patient_id, texts.patient_id, editor.theirs?.patient),
            doctor_id: peopleOf(fields.doctor_id, texts.doctor_id, editor.theirs?.doctor),
          }}
        />
        <ErrorNote error={editor.failure} />
        {line("applicant_phone")}
        {line("applicant_name", true)}
        <Field id={id("category_id")} label={ft.names.category_id} error={errors.category_id} required>
          {(aria) => (
            <Combobox
              aria={aria}
              text={texts.category_id}
              choices={categories}
              onChange={(text, picked) => {
                editor.setChoice("category_id", text, picked);
              }}
              onDone={focus("subcategory")}
            />
          )}
        </Field>
        <Field id={id("subcategory")} label={ft.names.subcategory} error={errors.subcategory}>
          {(aria) => (
            <Combobox
              aria={aria}
              text={fields.subcategory}
              choices={subcategories}
              freeText
              maxLength={LIMITS.subcategory}
              onChange={(text) => {
                setField("subcategory", text);
              }}
              onDone={focus("channel_id")}
            />
          )}
        </Field>
        <Field id={id("channel_id")} label={ft.names.channel_id} error={errors.channel_id} required>
          {(aria) => (
            <Combobox
              aria={aria}
              text={texts.channel_id}
              choices={channels}
              onChange={(text, picked) => {
                editor.setChoice("channel_id", text, picked);
              }}
              onDone={focus("applicant_email")}
            />
          )}
        </Field>
        {line("applicant_email")}
        <Field id={id("patient_id")} label={ft.names.patient_id} error={errors.patient_id}>
          {(aria) => (
            <PatientPicker
              id={aria.id}
              value={personOf(fields.patient_id, texts.patient_id)}
              status={errors.patient_id ? "error" : undefined}
              onChange={(patient) => {
                editor.setChoice("patient_id", patient?.full_name ?? "", patient ? choiceOf(patient) : null);
              }}
            />
          )}
        </Field>
        <Field id={id("doctor_id")} label={ft.names.doctor_id} error={errors.doctor_id}>
          {(aria) => (
            <DoctorPicker
              id={aria.id}
              value={personOf(fields.doctor_id, texts.doctor_id)}
              status={errors.doctor_id ? "error" : undefined}
              onChange={(doctor) => {
                editor.setChoice("doctor_id", doctor?.full_name ?? "", doctor ? choiceOf(doctor) : null);
              }}
            />
          )}
        </Field>
        <Field id={id("summary")} label={ft.names.summary} error={errors.summary} required>
          {(aria) => (
            <Input.TextArea
              {...aria}
              value={fields.summary}
              autoSize={{ minRows: 6, maxRows: 20 }}
              onChange={(event) => {
                setField("summary", event.target.value);
              }}
            />
          )}
        </Field>
      </div>
    </Drawer>
  );
}
