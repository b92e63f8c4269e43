import { Alert, App, Input, Modal } from "antd";
import { useState } from "react";
import { isApiError } from "@/shared/api/problem";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { shownInPlace } from "@/shared/ui/shown-in-place";
import { uiTexts } from "@/shared/ui/texts";
import { patientCalls, usePatientChange, type Patient } from "../queries";
import styles from "../People.module.css";
import { patientAdminTexts } from "./admin-texts";

interface OpenCase {
  public_id: number;
}

/** The one thing here that cannot be undone: it asks for the surname, letter by letter. */
export function AnonymiseDialog({ card, onClose }: { card: Patient; onClose: () => void }) {
  const t = patientAdminTexts.use().anonymise;
  const ui = uiTexts.use();
  const { message } = App.useApp();
  const [typed, setTyped] = useState("");
  const anonymise = usePatientChange(patientCalls.anonymise);
  const word = card.full_name.split(/\s+/)[0] ?? card.full_name;
  const isSure = typed.trim().toLocaleLowerCase("uk") === word.toLocaleLowerCase("uk");
  const { error } = anonymise;
  const open = isApiError(error) && Array.isArray(error.extra.cases) ? (error.extra.cases as OpenCase[]) : [];
  return (
    <Modal
      open
      title={t.title}
      okText={t.submit}
      cancelText={ui.cancel}
      okButtonProps={{ danger: true, disabled: !isSure }}
      confirmLoading={anonymise.isPending}
      onCancel={onClose}
      onOk={() => {
        anonymise
          .mutateAsync({ id: card.id })
          .then(() => {
            void message.success(t.done);
            onClose();
          })
          .catch(shownInPlace);
      }}
    >
      <ErrorNote error={error} />
      {open.length > 0 ? (
        <ul className={styles.plainList} style={{ marginBottom: 12 }}>
          {open.map((one) => (
            <li key={one.public_id}>
              <a href={`/cases/${one.public_id.toString()}`} target="_blank" rel="noreferrer">
                {one.public_id}
              </a>
            </li>
          ))}
        </ul>
      ) : null}
      <p>{t.what}</p>
      <Alert type="error" showIcon title={t.irreversible} style={{ marginBottom: 14 }} />
      <label htmlFor="anonymise-word">{t.type(word)}</label>
      <Input
        id="anonymise-word"
        value={typed}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setTyped(event.target.value);
        }}
      />
    </Modal>
  );
}
