import { RedoOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import Link from "next/link";
import { toApiError } from "@/shared/api/problem";
import { formatDateTime } from "@/shared/dates";
import type { Column } from "@/shared/table/columns";
import { DataTable } from "@/shared/table/DataTable";
import { DateAndAge } from "@/shared/ui/DateAndAge";
import { LOG_PAGE_SIZE, useResend, type Delivery } from "../queries";
import { noticeTexts } from "../texts";
import { MailState } from "./MailState";
import { deliveryTexts } from "./texts";
import { troubleOf } from "./trouble";

interface Props {
  deliveries: Delivery[];
  total: number;
  page: number;
  loading: boolean;
  onPage: (page: number) => void;
}

export function LettersTable({ deliveries, total, page, loading, onPage }: Props) {
  const t = deliveryTexts.use().delivery;
  const types = noticeTexts.use().types;
  const { message } = App.useApp();
  const resend = useResend();
  const send = (letter: Delivery): void => {
    resend
      .mutateAsync(letter.id)
      .then(() => void message.success(t.resent))
      .catch((error: unknown) => void message.error(toApiError(error).detail, 6));
  };

  const columns: Column<Delivery>[] = [
    {
      key: "created",
      title: t.columns.created,
      render: (letter) => <DateAndAge at={letter.created_at} />,
    },
    {
      key: "what",
      title: t.columns.what,
      render: (letter) => (
        <>
          {types[letter.type]}
          {letter.public_id ? (
            <div>
              <Link
                href={`/cases/${letter.public_id.toString()}`}
                prefetch={false}
                className="numbers in-words"
              >
                {letter.public_id}
              </Link>
            </div>
          ) : null}
        </>
      ),
    },
    { key: "recipient", title: t.columns.recipient, render: (letter) => letter.recipient.full_name },
    {
      key: "status",
      title: t.columns.status,
      render: (letter) => (
        <>
          <MailState status={letter.status} />
          {letter.sent_at ? (
            <div className="muted numbers nowrap">{formatDateTime(letter.sent_at)}</div>
          ) : letter.next_attempt_at && letter.attempts > 0 ? (
            <div className="muted nowrap">{t.next(formatDateTime(letter.next_attempt_at))}</div>
          ) : null}
          {letter.last_error ? <div className="below-desktop">{troubleOf(letter.last_error)}</div> : null}
        </>
      ),
    },
    {
      key: "attempts",
      from: "desktop",
      title: t.columns.attempts,
      align: "right",
      render: (letter) => <span className="numbers">{letter.attempts}</span>,
    },
    {
      key: "error",
      from: "desktop",
      title: t.columns.error,
      render: (letter) =>
        letter.last_error ? troubleOf(letter.last_error) : <span className="muted">—</span>,
    },
    {
      key: "actions",
      title: <span className="visually-hidden">{t.columns.actions}</span>,
      align: "right",
      // Without a mail server sending again would only queue it for the same answer.
      render: (letter) =>
        letter.can_resend && letter.status !== "NOT_CONFIGURED" ? (
          <Button
            size="small"
            icon={<RedoOutlined />}
            aria-label={t.resendOf(letter.recipient.full_name)}
            loading={resend.isPending && resend.variables === letter.id}
            onClick={() => {
              send(letter);
            }}
          >
            {t.resend}
          </Button>
        ) : null,
    },
  ];
  return (
    <DataTable
      caption={t.title}
      columns={columns}
      rows={deliveries}
      keyOf={(letter) => letter.id}
      isOld={loading}
      minWidth={640}
      rowClass={(letter) => (letter.status === "FAILED" ? "row-overdue" : "")}
      paging={{ page, pageSize: LOG_PAGE_SIZE, total, onPage }}
    />
  );
}
