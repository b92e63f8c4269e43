import { formatDateTime, formatRelative } from "@/shared/dates";
import { useLocale } from "@/shared/preferences";
import { useNow } from "@/shared/use-now";
import styles from "./Thread.module.css";

/** Exact time with the relative one beside it. */
export function When({ at }: { at: string }) {
  const now = useNow();
  const locale = useLocale();
  return (
    <time dateTime={at} className={styles.when}>
      {formatDateTime(at)} · {formatRelative(at, now, locale)}
    </time>
  );
}
