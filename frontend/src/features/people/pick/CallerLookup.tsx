import { CheckOutlined, LinkOutlined, PlusOutlined, UserOutlined } from "@ant-design/icons";
import { Button, Drawer } from "antd";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useShortcuts } from "@/shared/keyboard";
import { formatPhone } from "@/shared/phone";
import { counted } from "@/shared/plural";
import { RelativeAge } from "@/shared/ui/RelativeAge";
import { CardSkeleton } from "@/shared/ui/skeletons";
import { StatusPill } from "@/shared/ui/StatusPill";
import { useSettled } from "@/shared/use-settled";
import { dayText } from "../days";
import type { PossibleApplicant, PossiblePatient } from "../queries";
import { callerOf, dataOf, type CallerData } from "./caller";
import styles from "./Caller.module.css";
import { pickTexts } from "./texts";
import { useLookup, type Caller } from "./use-lookup";

// Most calls need no new card: its form, with the calendar, comes when it is asked for.
const PatientForm = dynamic(() => import("../patients/PatientForm").then((part) => part.PatientForm), {
  ssr: false,
  loading: () => <CardSkeleton />,
});

interface Linked {
  id: string;
  full_name: string;
}

interface Props {
  /** As typed so far. */
  caller: Caller;
  /** The patient the case is about already. */
  patient: Linked | null;
  onPatient: (patient: Linked | null) => void;
  /** What is known of the caller; the form takes what is still empty. */
  onFill: (data: CallerData) => void;
}

/**
 * Who may be calling, with earlier cases the viewer may see. F3 links the first one found, a click any other; a new card is
 * made without leaving the form. Says nothing while too little is typed and when nobody fits.
 */
export function CallerLookup({ caller, patient, onPatient, onFill }: Props) {
  const t = pickTexts.use().caller;
  const [isMaking, setIsMaking] = useState(false);
  const phone = useSettled(caller.phone, 350);
  const email = useSettled(caller.email, 350);
  const name = useSettled(caller.name, 350);
  const lookup = useLookup({ phone, email, name });
  const { isError } = lookup;
  // Whoever was found for a number that is no longer there must not stay under another one.
  const data = lookup.isEnabled ? lookup.data : undefined;
  const isCurrent =
    !lookup.isPlaceholderData && phone === caller.phone && email === caller.email && name === caller.name;
  const typed = { phone, email };
  const patients = data?.patients.slice(0, 4) ?? [];
  const applicants = data?.applicants.slice(0, 3) ?? [];
  const first = patients[0];

  const link = (one: PossiblePatient): void => {
    onPatient({ id: one.id, full_name: one.full_name });
    onFill(callerOf(one, typed));
  };
  const hasAnything = patients.length > 0 || applicants.length > 0;
  const isTyped = phone.replace(/\D/g, "").length >= 9 || name.trim().length >= 3;
  const mayCreate = !patient && (hasAnything || isTyped);
  // One key does the next sensible thing: link whom the number fits, or make a card when it fits nobody.
  useShortcuts(
    {},
    {
      F3: () => {
        if (!isCurrent) return;
        if (first) link(first);
        else if (mayCreate) setIsMaking(true);
      },
    },
  );
  if (!hasAnything && !mayCreate && !isError) return null;
  return (
    <aside className={styles.box} aria-label={t.title}>
      {hasAnything ? (
        <div className={styles.head}>
          <strong>{t.title}</strong>
          {first && patient?.id !== first.id ? <span className="muted">{t.keys}</span> : null}
        </div>
      ) : null}
      {isError ? (
        <p className={styles.facts} role="status">
          {t.failed}
        </p>
      ) : null}
      <ul className={styles.list} aria-live="polite" data-old={lookup.isPlaceholderData}>
        {patients.map((one) => (
          <li key={one.id}>
            <PatientLine one={one} />
            {patient?.id === one.id ? (
              <Button size="small" icon={<CheckOutlined />} onClick={() => onPatient(null)}>
                {t.linked}
              </Button>
            ) : (
              <Button size="small" type="primary" icon={<LinkOutlined />} onClick={() => link(one)}>
                {t.link}
              </Button>
            )}
          </li>
        ))}
        {applicants.map((one) => (
          <li key={`${one.applicant_name} ${one.applicant_phone ?? ""} ${one.applicant_email ?? ""}`}>
            <ApplicantLine one={one} />
            <Button size="small" onClick={() => onFill(dataOf(one))}>
              {t.fill}
            </Button>
          </li>
        ))}
      </ul>
      {mayCreate ? (
        <Button
          type="link"
          size="small"
          icon={<PlusOutlined />}
          style={{ paddingInline: 0 }}
          onClick={() => {
            setIsMaking(true);
          }}
        >
          {t.create} {first ? null : <kbd className={styles.key}>F3</kbd>}
        </Button>
      ) : null}
      <Drawer
        open={isMaking}
        size={560}
        title={t.panel}
        destroyOnHidden
        mask={{ closable: false }}
        onClose={() => {
          setIsMaking(false);
        }}
      >
        <PatientForm
          initial={{
            guardians:
              caller.phone || caller.name
                ? [
                    {
                      full_name: caller.name,
                      relation: "",
                      phone: caller.phone,
                      email: caller.email,
                      is_primary: true,
                    },
                  ]
                : [],
          }}
          onCancel={() => {
            setIsMaking(false);
          }}
          onDone={(card) => {
            setIsMaking(false);
            onPatient({ id: card.id, full_name: card.full_name });
          }}
        />
      </Drawer>
    </aside>
  );
}

function PatientLine({ one }: { one: PossiblePatient }) {
  const t = pickTexts.use().caller;
  const guardian = one.guardians[0];
  const facts = [
    one.birth_date ? dayText(one.birth_date) : null,
    one.record_number,
    guardian ? t.byGuardian(`${guardian.full_name} (${guardian.relation})`) : null,
  ].filter(Boolean);
  return (
    <div className={styles.who}>
      <span>
        <strong>{one.full_name}</strong> <span className="muted">{t.child}</span>
      </span>
      {facts.length > 0 ? <span className={styles.facts}>{facts.join(" · ")}</span> : null}
      <Earlier cases={one.cases} total={one.cases_total} />
    </div>
  );
}

function ApplicantLine({ one }: { one: PossibleApplicant }) {
  return (
    <div className={styles.who}>
      <span>
        <UserOutlined aria-hidden /> <strong>{one.applicant_name}</strong>{" "}
        <span className="muted numbers">
          {[one.applicant_phone ? formatPhone(one.applicant_phone) : null, one.applicant_email]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </span>
      <Earlier cases={one.cases} total={one.cases_total} />
    </div>
  );
}

function Earlier({ cases, total }: { cases: PossiblePatient["cases"]; total: number }) {
  const t = pickTexts.use().caller;
  if (total === 0) return <span className={styles.facts}>{t.noCases}</span>;
  return (
    <ul className={styles.cases}>
      {cases.map((row) => (
        <li key={row.id}>
          <a href={`/cases/${row.public_id.toString()}`} target="_blank" rel="noreferrer" className="numbers">
            {row.public_id}
          </a>
          <StatusPill status={row.status} />
          <span className="muted">
            {row.category.name} · <RelativeAge at={row.created_at} />
          </span>
          <span className={styles.summary}>{row.summary}</span>
        </li>
      ))}
      {total > cases.length ? <li className="muted">{t.more(counted(total, "cases"))}</li> : null}
    </ul>
  );
}
