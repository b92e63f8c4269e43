import { Alert, Button } from "antd";
import { formatDateTime } from "@/shared/dates";
import { counted, formatNumber } from "@/shared/plural";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { useChain, useVerifyChain } from "./queries";
import { journalTexts } from "./texts";

/** Whether the journal is whole, and a button to look now. */
export function Chain() {
  const t = journalTexts.use().chain;
  const chain = useChain();
  const verify = useVerifyChain();
  const status = chain.data;
  if (!status) return <ErrorNote error={chain.error} />;
  const isBroken = status.is_intact === false;
  const title = isBroken
    ? status.broken_at === null || status.broken_at === undefined
      ? t.brokenSomewhere
      : t.broken(formatNumber(status.broken_at))
    : status.is_intact
      ? t.intact(formatDateTime(status.verified_at))
      : t.never;
  return (
    <>
      <ErrorNote error={verify.error} />
      <Alert
        type={isBroken ? "error" : status.is_intact ? "success" : "info"}
        showIcon
        role="status"
        style={{ marginBottom: 16 }}
        title={
          <>
            {title} <span className="muted">· {t.length(counted(status.length, "entries"))}</span>
          </>
        }
        description={isBroken ? t.brokenHint : undefined}
        action={
          <Button size="small" loading={verify.isPending} onClick={() => verify.mutate()}>
            {t.verify}
          </Button>
        }
      />
    </>
  );
}
