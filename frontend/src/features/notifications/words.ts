import { uiTexts } from "@/shared/ui/texts";
import type { CaseStatus } from "@/shared/api/types";
import type { Notice } from "./queries";
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
  }
}
