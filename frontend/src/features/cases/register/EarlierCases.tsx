import { Button } from "antd";
import type { CaseRow, Me } from "@/shared/api/types";
import { toE164 } from "@/shared/phone";
import { counted } from "@/shared/plural";
import { RelativeAge } from "@/shared/ui/RelativeAge";
import { StatusPill } from "@/shared/ui/StatusPill";
import { useSettled } from "@/shared/use-settled";
import { useCasesByPhone } from "../api/by-phone";
import styles from "./Register.module.css";
import { registerTexts } from "./texts";
import type { Registration } from "./use-registration";

interface Props {
  phone: string;
  me: Me;
  registration: Registration;
}

/** Whether this number has called before, as far as this person may see: often the caller asks about that case. */
export function EarlierCases({ phone, me, registration }: Props) {
  const t = registerTexts.use().earlier;
  const number = useSettled(toE164(phone), 350);
  const { data } = useCasesByPhone(number, me.role, 3);
  if (number === null || !data || data.total === 0) return null;
  const known = data.cases.find((row) => row.applicant_name !== "Відмова назвати");
  const fill = (row: CaseRow): void => {
    const { draft, change } = registration;
    const hasEmail = draft.fields.applicant_email !== "" || !row.applicant_email;
    change({
      applicant_name: row.applicant_name,
      ...(hasEmail ? {} : { applicant_email: row.applicant_email ?? "" }),
    });
  };
  return (
    <aside className={styles.earlier} aria-live="polite">
      <div className={styles.earlierHead}>
        <strong>{t.title(counted(data.total, "cases"))}</strong>
        {known && registration.draft.fields.applicant_name === "" ? (
          <Button
            size="small"
            onClick={() => {
              fill(known);
            }}
          >
            {t.fill(known.applicant_name)}
          </Button>
        ) : null}
      </div>
      <ul>
        {data.cases.map((row) => (
          <li key={row.id}>
            <a
              href={`/cases/${row.public_id.toString()}`}
              target="_blank"
              rel="noreferrer"
              className="numbers"
            >
              {row.public_id}
            </a>
            <StatusPill status={row.status} />
            <span className={styles.earlierText}>{row.summary}</span>
            <span className="muted">
              <RelativeAge at={row.created_at} />
            </span>
          </li>
        ))}
      </ul>
    </aside>
  );
}
