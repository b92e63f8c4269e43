import { deliveryTexts } from "./texts";

const SMTP = /^(CONNECT|MAIL|RCPT|DATA): (.+)$/;

/** Why a letter did not leave, for people who know no SMTP; the exact code stays at the end for those who do. */
export function troubleOf(raw: string): string {
  const t = deliveryTexts.now().trouble;
  const known = (t.known as Record<string, string>)[raw];
  if (known) return known;
  const [, step, what] = SMTP.exec(raw) ?? [];
  if (!step || !what) return raw;
  const code = Number(/^\d{3}/.exec(what)?.[0] ?? NaN);
  if (step === "CONNECT") {
    if (what === "timeout") return t.silent(raw);
    if (code === 535 || code === 534 || code === 530) return t.signIn(raw);
    if (/cert|ssl|tls/i.test(what)) return t.certificate(raw);
    return t.unreachable(raw);
  }
  if (what === "timeout") return t.silent(raw);
  if (code === 421) return t.busy(raw);
  if (step === "RCPT" && code >= 500) return t.noMailbox(raw);
  if (step === "RCPT" && code >= 400) return t.later(raw);
  if (code === 552 || code === 452) return t.full(raw);
  if (code >= 500) return t.refused(raw);
  if (code >= 400) return t.later(raw);
  return t.broken(raw);
}
