import Link from "next/link";
import type { ReactNode } from "react";
import type { CaseCard } from "@/shared/api/types";
import { Sheet } from "@/shared/ui/Page";
import { MailLink } from "@/shared/ui/MailLink";
import { PhoneLink } from "@/shared/ui/PhoneLink";
import styles from "./Card.module.css";
import { When } from "./When";
import { cardTexts } from "./texts";

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function Facts({ card }: { card: CaseCard }) {
  const t = cardTexts.use().facts;
  const none = <span className="muted">{t.none}</span>;
  return (
    <Sheet title={t.title}>
      <dl className={styles.facts}>
        <Fact name={t.applicant}>{card.applicant_name}</Fact>
        <Fact name={t.phone}>
          {card.applicant_phone ? (
            <PhoneLink phone={card.applicant_phone_e164 ?? card.applicant_phone} withCopy />
          ) : (
            none
          )}
        </Fact>
        <Fact name={t.email}>
          {card.applicant_email ? <MailLink address={card.applicant_email} /> : none}
        </Fact>
        {card.patient ? (
          <Fact name={t.patient}>
            <Link href={`/patients/${card.patient.id}`} prefetch={false}>
              {card.patient.full_name}
            </Link>
          </Fact>
        ) : null}
        {card.doctor ? (
          <Fact name={t.doctor}>
            <Link href={`/doctors/${card.doctor.id}`} prefetch={false}>
              {card.doctor.full_name}
            </Link>
          </Fact>
        ) : null}
        <Fact name={t.category}>
          {card.category.name}
          {card.subcategory ? <span className={styles.second}>{card.subcategory}</span> : null}
        </Fact>
        <Fact name={t.channel}>{card.channel.name}</Fact>
        <Fact name={t.responsible}>
          {card.responsible?.full_name ?? <span className="muted">{t.nobody}</span>}
        </Fact>
        <Fact name={t.author}>{card.author.full_name}</Fact>
        <Fact name={t.created}>
          <When at={card.created_at} />
        </Fact>
        {card.last_status_change_at === card.created_at ? null : (
          <Fact name={t.statusChanged}>
            <When at={card.last_status_change_at} />
          </Fact>
        )}
      </dl>
    </Sheet>
  );
}
