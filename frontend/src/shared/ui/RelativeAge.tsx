import { Tooltip } from "antd";
import { formatDateTime, formatRelative } from "../dates";
import { useLocale } from "../preferences";
import { useNow } from "../use-now";

/** «4 дні тому», with the exact time on hover and for screen readers; stays true while the page is open. */
export function RelativeAge({ at }: { at: string }) {
  const now = useNow();
  const locale = useLocale();
  return (
    <Tooltip title={formatDateTime(at)}>
      <time dateTime={at} className="nowrap">
        {formatRelative(at, now, locale)}
      </time>
    </Tooltip>
  );
}
