import { EyeOutlined } from "@ant-design/icons";
import { Tag } from "antd";
import { Facts } from "@/shared/ui/Facts";
import { Sheet } from "@/shared/ui/Page";
import { MailLink } from "@/shared/ui/MailLink";
import { PhoneLink } from "@/shared/ui/PhoneLink";
import styles from "../People.module.css";
import type { Patient } from "../queries";
import { peopleTexts } from "../texts";
import { BirthDate } from "./Age";

/** The child's data and the people who speak for the child. */
export function PatientFacts({ card }: { card: Patient }) {
  const t = peopleTexts.use();
  const none = <span className="muted">{t.none}</span>;
  return (
    <>
      <Sheet title={t.data}>
        <Facts
          facts={[
            [t.field.birth, <BirthDate key="birth" date={card.birth_date} />],
            [t.field.record, card.record_number ?? none],
            [t.field.phone, card.phone ? <PhoneLink key="phone" phone={card.phone} withCopy /> : none],
            [t.field.email, card.email ? <MailLink key="email" address={card.email} /> : none],
            [
              t.field.notes,
              card.notes ? (
                <span key="notes" style={{ whiteSpace: "pre-wrap" }}>
                  {card.notes}
                </span>
              ) : (
                none
              ),
            ],
          ]}
        />
        <p className={styles.note}>
          <EyeOutlined aria-hidden /> {t.accessNote}
        </p>
      </Sheet>
      <Sheet title={t.guardians}>
        {card.guardians.length === 0 ? none : null}
        <ul className={styles.people}>
          {card.guardians.map((one) => (
            <li key={one.id}>
              <div>
                <span className={styles.name}>{one.full_name}</span>{" "}
                <span className="muted">{one.relation}</span>{" "}
                {one.is_primary ? <Tag color="processing">{t.field.primary}</Tag> : null}
              </div>
              {one.phone ? (
                <div>
                  <PhoneLink phone={one.phone} withCopy />
                </div>
              ) : null}
              {one.email ? (
                <div>
                  <MailLink address={one.email} />
                </div>
              ) : null}
            </li>
          ))}
        </ul>
      </Sheet>
    </>
  );
}
