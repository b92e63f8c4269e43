import Link from "next/link";
import { counted } from "@/shared/plural";
import { Block } from "../Block";
import { ChangeNote } from "../ChangeNote";
import { changeOf, durationText } from "../compare";
import { Explain } from "../Explain";
import { closedHref } from "../links";
import type { Dashboard, DurationsCompared } from "../queries";
import { insightTexts } from "../texts";
import styles from "./Dashboard.module.css";
import { dashboardTexts } from "./texts";

/** How long people wait: the usual case, and the slow ones. */
export function TimingBlock({ timing }: { timing: Dashboard["timing"] }) {
  const t = dashboardTexts.use();
  const define = insightTexts.use().define;
  return (
    <Block title={t.timing} width={6}>
      <div className={styles.timing}>
        <One name={t.take} definition={define.take} durations={timing.take} />
        <One name={t.close} definition={define.close} durations={timing.close} href={closedHref(timing)} />
      </div>
    </Block>
  );
}

function One({
  name,
  definition,
  durations,
  href,
}: {
  name: string;
  definition: string;
  durations: DurationsCompared;
  /** The cases these are, where the list can show exactly them. */
  href?: string;
}) {
  const t = dashboardTexts.use();
  const define = insightTexts.use().define;
  const { previous } = durations;
  const over = t.cases(counted(durations.cases, "cases"));
  const value = (word: string, hint: string, now: number | null, before: number | null) => (
    <div>
      <dt>
        {word} <Explain name={`${name}: ${word}`} text={`${hint} ${definition}`} />
      </dt>
      <dd>
        <strong>{durationText(now)}</strong>
        {now !== null && before !== null ? (
          <ChangeNote change={changeOf(now, before)} before={durationText(before)} />
        ) : null}
      </dd>
    </div>
  );
  return (
    <section aria-label={name}>
      <h3>{name}</h3>
      <p className="muted">
        {durations.cases === 0 ? (
          t.noTiming
        ) : href ? (
          <Link href={href} prefetch={false}>
            {over}
          </Link>
        ) : (
          over
        )}
      </p>
      <dl>
        {value(t.median, define.median, durations.median_seconds, previous.median_seconds)}
        {value(t.p90, define.p90, durations.p90_seconds, previous.p90_seconds)}
      </dl>
    </section>
  );
}
