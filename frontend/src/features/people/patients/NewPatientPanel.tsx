import { Drawer } from "antd";
import { useRouter } from "next/router";
import { peopleTexts } from "../texts";
import { PatientForm } from "./PatientForm";

/** A new card, made beside the list. */
export function NewPatientPanel({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = peopleTexts.use();
  const router = useRouter();
  return (
    <Drawer open={open} size={560} title={t.newPatient} destroyOnHidden onClose={onClose}>
      <PatientForm onCancel={onClose} onDone={(card) => void router.push(`/patients/${card.id}`)} />
    </Drawer>
  );
}
