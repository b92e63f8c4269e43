import Link from "next/link";
import type { CaseCard, Me } from "@/shared/api/types";
import { RelativeAge } from "@/shared/ui/RelativeAge";
import { Sheet } from "@/shared/ui/Page";
import { StatusPill } from "@/shared/ui/StatusPill";
import { useCasesByPhone } from "../api/by-phone";
import styles from "./Card.module.css";
import { cardTexts } from "./texts";

/** Earlier and later cases from the same phone, as far as this person may see them. */
export function OtherCases({ card, me }: { card: CaseCard; me: Me }) {
  const t = cardTexts.use();
  const { data } = useCasesByPhone(card.applicant_phone_e164, me.role, 6);
  const others = data?.cases.filter((row) => row.id !== card.id) ?? [];
  if (others.length === 0) return null;
  return (
    <Sheet title={t.others}>
      <ul className={styles.others}>
        {others.map((row) => (
          <li key={row.id}>
            <Link href={`/cases/${row.public_id.toString()}`} prefetch={false} className="numbers in-words">
              {row.public_id}
            </Link>
            <StatusPill status={row.status} />
            <span className="muted">
              <RelativeAge at={row.created_at} />
            </span>
            <span className={styles.othersText}>{row.summary}</span>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
