import { CheckCircleFilled } from "@ant-design/icons";
import { Button } from "antd";
import type { CaseCard } from "@/shared/api/types";
import { useLocale } from "@/shared/preferences";
import { CopyButton } from "@/shared/ui/CopyButton";
import { LinkButton } from "@/shared/ui/LinkButton";
import { dictated, groupsOf } from "./number-words";
import styles from "./Register.module.css";
import { registerTexts } from "./texts";

/** The number, ready to be dictated; Enter goes on to the next call. */
export function Registered({ card, onAnother }: { card: CaseCard; onAnother: () => void }) {
  const t = registerTexts.use();
  const locale = useLocale();
  const [first, second] = groupsOf(card.public_id);
  return (
    <section className={styles.done} aria-labelledby="registered">
      <CheckCircleFilled className={styles.doneIcon} aria-hidden />
      <h2 id="registered" className={styles.doneTitle} role="status">
        {t.done}
      </h2>
      <p className="muted">{t.tell}</p>
      <p className={styles.number} aria-label={card.public_id.toString()}>
        <span>{first}</span>
        <span>{second}</span>
      </p>
      {locale === "uk" ? <p className={styles.words}>{dictated(card.public_id)}</p> : null}
      <div className={styles.doneButtons}>
        <Button type="primary" size="large" autoFocus onClick={onAnother}>
          {t.another}
        </Button>
        <LinkButton size="large" href={`/cases/${card.public_id.toString()}`}>
          {t.open}
        </LinkButton>
        <CopyButton value={card.public_id.toString()} label={t.copyNumber} withText />
      </div>
    </section>
  );
}
