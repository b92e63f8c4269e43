import { WarningOutlined } from "@ant-design/icons";
import Link from "next/link";
import { useRouter } from "next/router";
import { useMe } from "@/shared/session/session";
import styles from "./AlarmStrip.module.css";
import { useAlarms } from "./queries";
import { noticeTexts } from "./texts";
import { alarmLine } from "./words";

/** The pages an administrator begins the day with. */
const FIRST_PAGES = ["/cases", "/dashboard"];

/** What is wrong with the installation, on an administrator's first pages, until it is wrong no more. */
export function AlarmStrip() {
  const t = noticeTexts.use().alarms;
  const me = useMe();
  const { pathname } = useRouter();
  const isShown = me.role === "ADMIN" && FIRST_PAGES.includes(pathname);
  const { data } = useAlarms(isShown);
  if (!isShown || !data || data.total === 0) return null;
  return (
    <section className={styles.strip} aria-label={t.title} role="status">
      <WarningOutlined aria-hidden className={styles.icon} />
      <strong>{t.title}</strong>
      <ul className={styles.list}>
        {data.alarms.map((alarm) => (
          <li key={`${alarm.kind} ${alarm.subject}`}>
            {alarmLine(alarm.kind, alarm.subject)}
            {alarm.reason ? `: ${alarm.reason}` : ""}
          </li>
        ))}
      </ul>
      <Link href="/delivery?tab=jobs" prefetch={false}>
        {t.more}
      </Link>
    </section>
  );
}
