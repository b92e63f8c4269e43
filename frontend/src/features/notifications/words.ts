import { uiTexts } from "@/shared/ui/texts";
import type { CaseStatus } from "@/shared/api/types";
import type { Notice } from "./queries";
import { deliveryTexts } from "./delivery/texts";
import { noticeTexts } from "./texts";

/** What happened, in one line without personal data. */
export function headlineOf(notice: Notice): string {
  const t = noticeTexts.now().lines;
  const number = notice.public_id?.toString() ?? "";
  switch (notice.type) {
    case "NEW_CASE":
      return t.newCase(number);
    case "CASE_TAKEN":
      return t.taken(number);
    case "STATUS_CHANGED":
      return t.status(number, uiTexts.now().statuses[notice.status as CaseStatus]);
    case "COMMENT_PUBLIC":
      return t.comment(number);
    case "COMMENT_INTERNAL":
      return t.internal(number);
    case "REASSIGNED":
      return notice.part === "previous" ? t.takenAway(number) : t.assigned(number);
    case "ESCALATION":
      return t.escalation(number);
    case "ACCOUNT_CREATED":
      return t.account;
    case "PASSWORD_RESET":
      return t.password;
    case "ALARM":
      return alarmLine(notice.alarm ?? "", notice.subject ?? "");
  }
}

/** What is wrong with the installation, in one line. */
export function alarmLine(kind: string, subject: string): string {
  const t = noticeTexts.now().alarms;
  const job = deliveryTexts.now().jobs.names[subject] ?? subject;
  switch (kind) {
    case "job_failed":
      return t.jobFailed(job);
    case "job_late":
      return t.jobLate(job);
    case "disk_low":
      return t.diskLow(t.disks[subject] ?? subject);
    case "numbers_low":
      return t.numbersLow;
    case "letters_waiting":
      return t.lettersWaiting;
    case "letters_failed":
      return t.lettersFailed;
    case "certificate_ends":
      return t.certificateEnds;
    default:
      return `${kind}: ${subject}`;
  }
}
