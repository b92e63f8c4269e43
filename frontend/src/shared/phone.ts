/**
 * A Ukrainian number as people read it aloud: `+380 67 123 45 67`. Accepts what people type
 * (067…, 8067…, 380…, with brackets and dashes). A foreign or strange number comes back as it was.
 */
export function formatPhone(raw: string): string {
  const number = toE164(raw);
  const match = number === null ? null : /^\+380(\d{2})(\d{3})(\d{2})(\d{2})$/.exec(number);
  return match ? ["+380", ...match.slice(1)].join("\u00a0") : raw.trim();
}

/** The dialling form for `tel:` and for comparing, or null when it cannot be a number (fewer than 9 digits). */
export function toE164(raw: string): string | null {
  const digits = raw.replace(/\D/g, "");
  if (digits.length < 9) return null;
  if (raw.trim().startsWith("+")) return `+${digits}`;
  if (digits.length === 9) return `+380${digits}`;
  if (digits.length === 10 && digits.startsWith("0")) return `+38${digits}`;
  if (digits.length === 11 && digits.startsWith("80")) return `+3${digits}`;
  if (digits.length === 12 && digits.startsWith("380")) return `+${digits}`;
  return digits.length >= 10 ? `+${digits}` : null;
}
