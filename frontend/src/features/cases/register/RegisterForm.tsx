import { Button, Input } from "antd";
import { useEffect, type KeyboardEvent, type SyntheticEvent } from "react";
import { formatTime } from "@/shared/dates";
import { useShortcuts } from "@/shared/keyboard";
import { formatPhone } from "@/shared/phone";
import { missingFrom } from "@/features/people/pick/caller";
import { CallerLookup } from "@/features/people/pick/CallerLookup";
import { DoctorPicker } from "@/features/people/pick/DoctorPicker";
import { PatientPicker } from "@/features/people/pick/PatientPicker";
import type { Me } from "@/shared/api/types";
import { Sheet } from "@/shared/ui/Page";
import { FIELD_ORDER, LIMITS, type FieldName } from "../fields/case-fields";
import { Field } from "../fields/Field";
import { fieldTexts } from "../fields/texts";
import { CategoryFields } from "./CategoryFields";
import { ChannelField } from "./ChannelField";
import styles from "./Register.module.css";
import { NoDirectories } from "./NoDirectories";
import { RegisterFiles } from "./RegisterFiles";
import { RegisterProblem } from "./RegisterProblem";
import { registerTexts } from "./texts";
import { fieldId, focusField, type Registration } from "./use-registration";

const personOf = (id: string, name: string) => (id === "" ? null : { id, full_name: name });

const after = (name: FieldName): FieldName => FIELD_ORDER[FIELD_ORDER.indexOf(name) + 1] ?? "summary";

export function RegisterForm({ registration, me }: { registration: Registration; me: Me }) {
  const t = registerTexts.use();
  const ft = fieldTexts.use();
  const { draft, setField, change, errors, save, progress, savedAt } = registration;
  const { fields } = draft;
  const isSaving = progress !== null;

  // The caller says the phone first.
  useEffect(() => {
    focusField("applicant_phone");
  }, []);

  const refuseName = (): void => {
    // The value itself is Ukrainian in every language of the interface: it is data, not a label.
    setField("applicant_name", ft.refusedName);
    focusField("category_id");
  };
  useShortcuts({ "ctrl+Enter": save }, { F2: refuseName, "ctrl+Enter": save });

  const setPatient = (patient: { id: string; full_name: string } | null): void => {
    change({ patient_id: patient?.id ?? "" }, { patientName: patient?.full_name ?? "" });
  };

  const onEnter = (name: FieldName) => (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    focusField(after(name));
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    save();
  };
  const textField = (name: "applicant_email" | "applicant_phone" | "applicant_name") => ({
    value: fields[name],
    maxLength: LIMITS[name],
    autoComplete: "off",
    onKeyDown: onEnter(name),
  });

  return (
    <form className={styles.form} onSubmit={submit} noValidate autoComplete="off" aria-label={t.title}>
      <div className={styles.main}>
        <Sheet title={t.who}>
          <div className={`${styles.grid ?? ""} ${styles.caller ?? ""}`}>
            <Field
              id={fieldId("applicant_phone")}
              label={ft.names.applicant_phone}
              error={errors.applicant_phone}
            >
              {(aria) => (
                <Input
                  {...aria}
                  {...textField("applicant_phone")}
                  type="tel"
                  inputMode="tel"
                  size="large"
                  status={errors.applicant_phone ? "error" : ""}
                  className="numbers"
                  onChange={(event) => {
                    setField("applicant_phone", event.target.value);
                  }}
                  onBlur={() => {
                    const shown = formatPhone(fields.applicant_phone).replaceAll("\u00a0", " ");
                    if (shown !== fields.applicant_phone) setField("applicant_phone", shown);
                  }}
                />
              )}
            </Field>
            <Field
              id={fieldId("applicant_name")}
              label={ft.names.applicant_name}
              error={errors.applicant_name}
              required
            >
              {(aria) => (
                <div className={styles.joined}>
                  <Input
                    {...aria}
                    {...textField("applicant_name")}
                    size="large"
                    status={errors.applicant_name ? "error" : ""}
                    onChange={(event) => {
                      setField("applicant_name", event.target.value);
                    }}
                  />
                  <Button size="large" onClick={refuseName} aria-keyshortcuts="F2" title={t.keys.refuse}>
                    {t.refuse} <kbd className={styles.key}>F2</kbd>
                  </Button>
                </div>
              )}
            </Field>
          </div>
          <CallerLookup
            caller={{
              phone: fields.applicant_phone,
              email: fields.applicant_email,
              // A refusal to name is nobody's name.
              name: fields.applicant_name === ft.refusedName ? "" : fields.applicant_name,
            }}
            patient={personOf(fields.patient_id, draft.patientName)}
            onPatient={setPatient}
            onFill={(known) => {
              change(missingFrom(fields, known));
            }}
          />
          <div className={styles.people}>
            <Field id={fieldId("patient_id")} label={ft.names.patient_id} error={errors.patient_id}>
              {(aria) => (
                <PatientPicker
                  id={aria.id}
                  value={personOf(fields.patient_id, draft.patientName)}
                  status={errors.patient_id ? "error" : undefined}
                  onChange={setPatient}
                />
              )}
            </Field>
            <Field id={fieldId("doctor_id")} label={ft.names.doctor_id} error={errors.doctor_id}>
              {(aria) => (
                <DoctorPicker
                  id={aria.id}
                  value={personOf(fields.doctor_id, draft.doctorName)}
                  status={errors.doctor_id ? "error" : undefined}
                  onChange={(doctor) => {
                    change({ doctor_id: doctor?.id ?? "" }, { doctorName: doctor?.full_name ?? "" });
                  }}
                />
              )}
            </Field>
          </div>
        </Sheet>
        <Sheet title={t.what}>
          <NoDirectories />
          <div className={styles.grid}>
            <CategoryFields registration={registration} />
            <ChannelField registration={registration} userId={me.id} />
            <Field
              id={fieldId("applicant_email")}
              label={ft.names.applicant_email}
              error={errors.applicant_email}
            >
              {(aria) => (
                <Input
                  {...aria}
                  {...textField("applicant_email")}
                  type="email"
                  inputMode="email"
                  status={errors.applicant_email ? "error" : ""}
                  onChange={(event) => {
                    setField("applicant_email", event.target.value);
                  }}
                />
              )}
            </Field>
            <Field
              id={fieldId("summary")}
              label={ft.names.summary}
              error={errors.summary}
              hint={t.summaryHint}
              required
              className={styles.wide}
            >
              {(aria) => (
                <Input.TextArea
                  {...aria}
                  value={fields.summary}
                  autoSize={{ minRows: 6, maxRows: 18 }}
                  status={errors.summary ? "error" : ""}
                  onChange={(event) => {
                    setField("summary", event.target.value);
                  }}
                />
              )}
            </Field>
          </div>
        </Sheet>
      </div>
      <div className={styles.side}>
        <RegisterFiles registration={registration} />
        <RegisterProblem registration={registration} />
        <div className={styles.save}>
          <Button type="primary" size="large" htmlType="submit" loading={isSaving} block>
            {isSaving ? t.saving : t.save}
          </Button>
          <p className={styles.draft} role="status">
            {savedAt === null ? "" : t.savedDraft(formatTime(savedAt))}
          </p>
        </div>
        <ul className={styles.keys}>
          <li>
            <kbd className={styles.key}>Enter</kbd> {t.keys.next}
          </li>
          <li>
            <kbd className={styles.key}>F2</kbd> {t.keys.refuse}
          </li>
          <li>
            <kbd className={styles.key}>Ctrl</kbd>+<kbd className={styles.key}>Enter</kbd> {t.keys.save}
          </li>
        </ul>
      </div>
    </form>
  );
}
