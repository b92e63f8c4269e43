import { SwapOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Modal } from "antd";
import { useState } from "react";
import { formatPhone } from "@/shared/phone";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { shownInPlace } from "@/shared/ui/shown-in-place";
import { uiTexts } from "@/shared/ui/texts";
import { dayText } from "../days";
import styles from "../People.module.css";
import { PatientPicker } from "../pick/PatientPicker";
import { patientCalls, peopleKeys, usePatientChange, type Patient, type PatientRow } from "../queries";
import { peopleTexts } from "../texts";
import { patientAdminTexts } from "./admin-texts";

interface Props {
  card: Patient;
  onClose: () => void;
  onMerged: (kept: Patient) => void;
}

/** Two cards of one person become one: which stays is chosen, what happens is said before. */
export function MergeDialog({ card, onClose, onMerged }: Props) {
  const t = patientAdminTexts.use().merge;
  const ui = uiTexts.use();
  const { message } = App.useApp();
  const [other, setOther] = useState<PatientRow | null>(null);
  const [keepsOther, setKeepsOther] = useState(false);
  const client = useQueryClient();
  const merge = usePatientChange(patientCalls.merge);
  const stays = keepsOther && other ? other : card;
  const goes = keepsOther ? card : other;
  return (
    <Modal
      open
      width={760}
      title={t.title}
      okText={t.submit}
      cancelText={ui.cancel}
      okButtonProps={{ disabled: other === null }}
      confirmLoading={merge.isPending}
      onCancel={onClose}
      onOk={() => {
        if (!goes) return;
        merge
          .mutateAsync({ id: goes.id, into: stays.id })
          .then((kept) => {
            client.removeQueries({ queryKey: peopleKeys.patient(goes.id) });
            void message.success(t.done);
            onMerged(kept);
          })
          .catch(shownInPlace);
      }}
    >
      <ErrorNote error={merge.error} />
      <label htmlFor="merge-with">{t.pick}</label>
      <PatientPicker id="merge-with" value={other} exclude={card.id} onChange={setOther} />
      {goes ? (
        <>
          <Comparison
            stays={stays}
            goes={goes}
            onSwap={() => {
              setKeepsOther(!keepsOther);
            }}
          />
          <Alert type="info" showIcon title={t.what(stays.full_name, goes.full_name)} />
        </>
      ) : null}
    </Modal>
  );
}

function Comparison({ stays, goes, onSwap }: { stays: PatientRow; goes: PatientRow; onSwap: () => void }) {
  const t = patientAdminTexts.use().merge;
  const words = peopleTexts.use();
  const people = (row: PatientRow): string => row.guardians.map((one) => one.full_name).join(", ");
  const lines: [string, (row: PatientRow) => string][] = [
    [words.field.fullName, (row) => row.full_name],
    [words.field.birth, (row) => (row.birth_date ? dayText(row.birth_date) : "")],
    [words.field.record, (row) => row.record_number ?? ""],
    [words.field.phone, (row) => (row.phone ? formatPhone(row.phone) : "")],
    [words.field.email, (row) => row.email ?? ""],
    [words.guardians, people],
  ];
  return (
    <table className={styles.compare} style={{ margin: "16px 0" }}>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">{t.field}</span>
          </th>
          <th scope="col" className={styles.kept}>
            {t.stays}
          </th>
          <th scope="col" className={styles.dropped}>
            {t.goes}{" "}
            <Button size="small" icon={<SwapOutlined />} onClick={onSwap}>
              {t.swap}
            </Button>
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map(([name, show]) => {
          const [a, b] = [show(stays), show(goes)];
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className={styles.kept}>{a || "—"}</td>
              <td>
                {b || "—"}
                {a && b && a !== b ? <span className={styles.second}> · {t.differ}</span> : null}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
