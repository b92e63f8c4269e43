import { App, Button } from "antd";
import { toApiError } from "@/shared/api/problem";
import { useCan } from "@/shared/session/session";
import { formatDateTime } from "@/shared/dates";
import { Sheet } from "@/shared/ui/Page";
import { uiTexts } from "@/shared/ui/texts";
import { dayText } from "../days";
import styles from "../People.module.css";
import { patientCalls, usePatientChange, type Merged, type Patient } from "../queries";
import { patientAdminTexts } from "./admin-texts";

/** Duplicates that were merged into this card, each with the way back. */
export function MergedCards({ card, onUndone }: { card: Patient; onUndone: () => void }) {
  const t = patientAdminTexts.use().merged;
  const ui = uiTexts.use();
  const mayUndo = useCan("users.manage");
  const { modal, message } = App.useApp();
  const undo = usePatientChange(patientCalls.unmerge);
  if (card.merged.length === 0) return null;
  const ask = (one: Merged): void => {
    modal.confirm({
      title: t.undoTitle(one.full_name),
      content: t.undoText,
      okText: t.undo,
      cancelText: ui.cancel,
      onOk: () =>
        undo
          .mutateAsync({ id: one.id })
          .then(() => {
            void message.success(t.undone);
            onUndone();
          })
          .catch((error: unknown) => void message.error(toApiError(error).detail, 6)),
    });
  };
  return (
    <Sheet title={t.title}>
      <ul className={styles.people}>
        {card.merged.map((one) => (
          <li key={one.id}>
            <div className={styles.name}>{one.full_name}</div>
            <div className={styles.second}>
              {[one.birth_date ? dayText(one.birth_date) : null, one.record_number, one.phone, one.email]
                .filter(Boolean)
                .join(" · ")}
            </div>
            <div className={styles.second}>{t.when(formatDateTime(one.merged_at))}</div>
            {mayUndo && !card.anonymised_at ? (
              <Button
                size="small"
                style={{ marginTop: 6 }}
                onClick={() => {
                  ask(one);
                }}
              >
                {t.undo}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
