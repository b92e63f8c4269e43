import { formatPhone, toE164 } from "../phone";
import { CopyButton } from "./CopyButton";
import { uiTexts } from "./texts";

/** A number to read, to call with one click and to copy. */
export function PhoneLink({ phone, withCopy = false }: { phone: string; withCopy?: boolean }) {
  const t = uiTexts.use();
  const dial = toE164(phone);
  const shown = formatPhone(phone);
  if (!dial) return <span className="nowrap">{shown}</span>;
  return (
    <span className="nowrap numbers">
      <a href={`tel:${dial}`} aria-label={t.call(shown)}>
        {shown}
      </a>
      {withCopy ? <CopyButton value={dial} /> : null}
    </span>
  );
}
