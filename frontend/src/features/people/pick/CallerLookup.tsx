import { CheckOutlined, LinkOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Drawer } from "antd";
import { useEffect, useRef, useState } from "react";
import { useShortcuts } from "@/shared/keyboard";
import { useSettled } from "@/shared/use-settled";
import { LazyPatientForm } from "../patients/LazyPatientForm";
import type { PossiblePatient } from "../queries";
import { callerOf, dataOf, mostCasesFirst, type CallerData } from "./caller";
import { ApplicantLine, PatientLine } from "./CallerLines";
import styles from "./Caller.module.css";
import { pickTexts } from "./texts";
import { useLookup, type Caller } from "./use-lookup";

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
 * Who may be calling, with the last case of each the viewer may see. F3 links the one found, or goes through several for
 * the person to choose; a new card is made without leaving the form. Says nothing while too little is typed and when nobody
 * fits.
 */
export function CallerLookup({ caller, patient, onPatient, onFill }: Props) {
  const t = pickTexts.use().caller;
  const [isMaking, setIsMaking] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  /** The field in which F3 was pressed: there typing goes on once somebody is linked. */
  const cameFrom = useRef<HTMLElement | null>(null);
  /** What was typed when F3 was pressed too early. */
  const awaited = useRef<string | null>(null);
  const asTyped = JSON.stringify([caller.phone, caller.email, caller.name]);
  const phone = useSettled(caller.phone, 350);
  const email = useSettled(caller.email, 350);
  const name = useSettled(caller.name, 350);
  const lookup = useLookup({ phone, email, name });
  const { isError } = lookup;
  // Whoever was found for a number that is no longer there must not stay under another one.
  const data = lookup.isEnabled ? lookup.data : undefined;
  const isCurrent =
    !lookup.isPlaceholderData &&
    !lookup.isLoading &&
    phone === caller.phone &&
    email === caller.email &&
    name === caller.name;
  const typed = { phone, email };
  const patients = mostCasesFirst(data?.patients ?? []).slice(0, 4);
  const applicants = data?.applicants.slice(0, 2) ?? [];
  const first = patients[0];

  const link = (one: PossiblePatient): void => {
    onPatient({ id: one.id, full_name: one.full_name });
    onFill(callerOf(one, typed));
    cameFrom.current?.focus();
    cameFrom.current = null;
  };
  /** Children of one mother share her number: which of them it is only the caller can tell. */
  const goThrough = (): void => {
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>("[data-link]") ?? [])];
    const at = buttons.findIndex((button) => button === document.activeElement);
    if (at < 0 && document.activeElement instanceof HTMLElement) cameFrom.current = document.activeElement;
    buttons[(at + 1) % buttons.length]?.focus();
  };
  const hasAnything = patients.length > 0 || applicants.length > 0;
  const isTyped = phone.replace(/\D/g, "").length >= 9 || name.trim().length >= 3;
  const mayCreate = !patient && (hasAnything || isTyped);
  // One key does the next sensible thing: link whom the number fits, choose among several, or make a card for nobody known.
  const takeNext = (): void => {
    if (patients.length > 1) goThrough();
    else if (first) link(first);
    else if (mayCreate) setIsMaking(true);
  };
  useShortcuts(
    {},
    {
      F3: () => {
        // Leaving the field puts the number in its usual form, which asks once more: choosing goes on meanwhile.
        const isChoosing = list.current?.contains(document.activeElement) ?? false;
        if (isCurrent || isChoosing) takeNext();
        else awaited.current = asTyped;
      },
    },
  );
  // Pressed before the answer is there, the key waits for it, unless typing goes on.
  useEffect(() => {
    if (awaited.current === null) return;
    if (awaited.current === asTyped && !isCurrent) return;
    const isStillWanted = awaited.current === asTyped;
    awaited.current = null;
    if (isStillWanted) takeNext();
  });
  if (!hasAnything && !mayCreate && !isError) return null;
  return (
    <aside className={styles.box} aria-label={t.title}>
      {hasAnything ? (
        <div className={styles.head}>
          <strong>{t.title}</strong>
          {patients.length > 1 ? (
            <span className="muted">{t.keysMany}</span>
          ) : first && patient?.id !== first.id ? (
            <span className="muted">{t.keys}</span>
          ) : null}
        </div>
      ) : null}
      {isError ? (
        <p className={styles.facts} role="status">
          {t.failed}
        </p>
      ) : null}
      <ul ref={list} className={styles.list} aria-live="polite" data-old={lookup.isPlaceholderData}>
        {patients.map((one) => (
          <li key={one.id}>
            <PatientLine one={one} />
            {patient?.id === one.id ? (
              <Button size="small" icon={<CheckOutlined />} onClick={() => onPatient(null)}>
                {t.linked}
              </Button>
            ) : (
              <Button size="small" type="primary" data-link icon={<LinkOutlined />} onClick={() => link(one)}>
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
        <LazyPatientForm
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
