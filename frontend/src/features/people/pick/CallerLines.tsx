import { UserOutlined } from "@ant-design/icons";
import { formatPhone } from "@/shared/phone";
import { counted } from "@/shared/plural";
import { RelativeAge } from "@/shared/ui/RelativeAge";
import { StatusPill } from "@/shared/ui/StatusPill";
import { dayText } from "../days";
import type { PossibleApplicant, PossiblePatient } from "../queries";
import styles from "./Caller.module.css";
import { pickTexts } from "./texts";

const joined = (parts: readonly (string | null | undefined)[]): string => parts.filter(Boolean).join(" · ");

export function PatientLine({ one }: { one: PossiblePatient }) {
  const t = pickTexts.use().caller;
  const guardian = one.guardians[0];
  const facts = joined([
    t.child,
    one.birth_date ? dayText(one.birth_date) : null,
    one.record_number,
    guardian ? t.byGuardian(`${guardian.full_name} (${guardian.relation})`) : null,
  ]);
  return (
    <div className={styles.who}>
      <span className={styles.line} title={`${one.full_name} · ${facts}`}>
        <strong>{one.full_name}</strong> <span className={styles.facts}>{facts}</span>
      </span>
      <Last cases={one.cases} total={one.cases_total} />
    </div>
  );
}

export function ApplicantLine({ one }: { one: PossibleApplicant }) {
  return (
    <div className={styles.who}>
      <span className={styles.line}>
        <UserOutlined aria-hidden /> <strong>{one.applicant_name}</strong>{" "}
        <span className={`numbers ${styles.facts ?? ""}`}>
          {joined([one.applicant_phone ? formatPhone(one.applicant_phone) : null, one.applicant_email])}
        </span>
      </span>
      <Last cases={one.cases} total={one.cases_total} />
    </div>
  );
}

/** The last case tells whether this very matter is registered already; how many there are, whether to look further. */
function Last({ cases, total }: { cases: PossiblePatient["cases"]; total: number }) {
  const t = pickTexts.use().caller;
  const [row] = cases;
  if (!row) return <span className={styles.facts}>{t.noCases}</span>;
  return (
    <div className={styles.case}>
      <a
        href={`/cases/${row.public_id.toString()}`}
        target="_blank"
        rel="noreferrer"
        className="numbers in-words"
      >
        {row.public_id}
      </a>
      <StatusPill status={row.status} />
      <span className={styles.summary} title={row.summary}>
        <span className="muted">
          {row.category.name} · <RelativeAge at={row.created_at} />
        </span>{" "}
        {row.summary}
      </span>
      {total > 1 ? <span className="muted nowrap">{t.more(counted(total, "cases"))}</span> : null}
    </div>
  );
}
