import { formatDateTime, formatRelative } from "../dates";
import { useLocale } from "../preferences";
import { useNow } from "../use-now";

/** A moment in a table: the exact time, and under it how long ago that was. */
export function DateAndAge({ at }: { at: string }) {
  const now = useNow();
  const locale = useLocale();
  return (
    <time dateTime={at} className="nowrap numbers">
      {formatDateTime(at)}
      <span className="muted" style={{ display: "block", fontSize: 13 }}>
        {formatRelative(at, now, locale)}
      </span>
    </time>
  );
}
