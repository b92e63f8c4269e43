import { Alert, App, Button, DatePicker, Form, Input, Space } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import Link from "next/link";
import { useState } from "react";
import { useIdempotencyKey } from "@/shared/api/idempotency";
import { toApiError, type ApiError } from "@/shared/api/problem";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { showFieldErrors } from "@/shared/ui/form-errors";
import { uiTexts } from "@/shared/ui/texts";
import { dayText } from "../days";
import { patientCalls, readPatient, usePatientChange, type Patient } from "../queries";
import styles from "../People.module.css";
import { peopleTexts } from "../texts";
import { emailRule, GuardianFields, phoneRule } from "./GuardianFields";
import {
  bodyOf,
  contested,
  EMPTY_PATIENT,
  patchOf,
  valuesOf,
  type PatientField,
  type PatientValues,
} from "./patient-values";

interface Props {
  /** Absent for a new card. */
  patient?: Patient;
  /** What is known already when a card is made out of a call. */
  initial?: Partial<PatientValues>;
  onDone: (card: Patient) => void;
  onCancel: () => void;
}

const dateProps = {
  getValueProps: (value: string) => ({ value: value ? dayjs(value) : null }),
  normalize: (value: Dayjs | null) => value?.format("YYYY-MM-DD") ?? "",
};

export function PatientForm({ patient, initial, onDone, onCancel }: Props) {
  const t = peopleTexts.use();
  const ui = uiTexts.use();
  const { message } = App.useApp();
  const [form] = Form.useForm<PatientValues>();
  const [base, setBase] = useState(patient);
  const [theirs, setTheirs] = useState<{ card: Patient; fields: PatientField[] } | null>(null);
  const [problem, setProblem] = useState<ApiError | null>(null);
  const key = useIdempotencyKey();
  const create = usePatientChange(patientCalls.create);
  const edit = usePatientChange(patientCalls.edit);

  /** Somebody was faster: what both changed is shown, nothing typed is touched, the next save goes on the new version. */
  const meet = async (before: Patient, mine: PatientValues): Promise<void> => {
    const card = await readPatient(before.id);
    setTheirs({ card, fields: contested(valuesOf(before), mine, valuesOf(card)) });
    setBase(card);
  };
  const fail = (values: PatientValues) => (thrown: unknown) => {
    const error = toApiError(thrown);
    if (error.status === 412 && base)
      meet(base, values).catch((again: unknown) => setProblem(toApiError(again)));
    else if (error.code === "duplicate_record_number") setProblem(error);
    else setProblem(showFieldErrors(form, error));
  };
  const done = (words: string) => (card: Patient) => {
    void message.success(words);
    onDone(card);
  };
  const save = (values: PatientValues): void => {
    setProblem(null);
    if (!base) {
      create
        .mutateAsync({ body: bodyOf(values), key: key.current() })
        .then(done(t.created))
        .catch(fail(values));
      return;
    }
    const body = patchOf(valuesOf(patient ?? base), values);
    if (Object.keys(body).length === 0) {
      onDone(base);
      return;
    }
    edit.mutateAsync({ id: base.id, version: base.version, body }).then(done(t.saved)).catch(fail(values));
  };
  const other = problem?.code === "duplicate_record_number" ? problem.extra.patient : undefined;

  return (
    <Form<PatientValues>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={patient ? valuesOf(patient) : { ...EMPTY_PATIENT, ...initial }}
      onValuesChange={key.renew}
      onFinish={save}
    >
      <ErrorNote error={problem} />
      {typeof other === "string" ? (
        <p>
          <Link href={`/patients/${other}`}>{t.openOther}</Link>
        </p>
      ) : null}
      {theirs ? <Contested {...theirs} /> : null}
      <Form.Item
        name="full_name"
        label={t.field.fullName}
        rules={[{ required: true, whitespace: true, message: t.required }]}
      >
        <Input maxLength={200} autoFocus={!patient} autoComplete="off" />
      </Form.Item>
      <div className={styles.pair}>
        <Form.Item name="birth_date" label={t.field.birth} {...dateProps}>
          <DatePicker format="DD.MM.YYYY" maxDate={dayjs()} style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item name="record_number" label={t.field.record}>
          <Input maxLength={50} autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="phone"
          label={t.field.phone}
          validateTrigger="onBlur"
          rules={[phoneRule(t.phoneShort)]}
        >
          <Input type="tel" maxLength={50} autoComplete="off" className="numbers" />
        </Form.Item>
        <Form.Item
          name="email"
          label={t.field.email}
          validateTrigger="onBlur"
          rules={[emailRule(t.emailWrong)]}
        >
          <Input type="email" maxLength={254} autoComplete="off" />
        </Form.Item>
      </div>
      <Form.Item name="notes" label={t.field.notes} extra={t.field.notesHint}>
        <Input.TextArea maxLength={2000} autoSize={{ minRows: 2, maxRows: 8 }} />
      </Form.Item>
      <h3 className={styles.formHead}>{t.guardians}</h3>
      <GuardianFields form={form} />
      <Space>
        <Button type="primary" htmlType="submit" loading={create.isPending || edit.isPending}>
          {patient ? ui.save : t.create}
        </Button>
        <Button onClick={onCancel}>{ui.cancel}</Button>
      </Space>
    </Form>
  );
}

/** What a colleague has put into fields this person changed too. */
function Contested({ card, fields }: { card: Patient; fields: PatientField[] }) {
  const t = peopleTexts.use();
  const names: Record<PatientField, string> = {
    full_name: t.field.fullName,
    birth_date: t.field.birth,
    record_number: t.field.record,
    phone: t.field.phone,
    email: t.field.email,
    notes: t.field.notes,
    guardians: t.guardians,
  };
  const shown = (name: PatientField): string => {
    if (name === "guardians") return card.guardians.map((one) => one.full_name).join(", ");
    const value = card[name] ?? "";
    return name === "birth_date" && value ? dayText(value) : value;
  };
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      style={{ marginBottom: 16 }}
      title={t.conflict.title}
      description={
        fields.length === 0 ? (
          t.conflict.clear
        ) : (
          <>
            {t.conflict.text}
            <ul className={styles.plainList}>
              {fields.map((name) => (
                <li key={name}>{t.conflict.theirs(names[name], shown(name) || t.conflict.empty)}</li>
              ))}
            </ul>
          </>
        )
      }
    />
  );
}
