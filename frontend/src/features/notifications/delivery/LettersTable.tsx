import { RedoOutlined } from "@ant-design/icons";
import { App, Button, Table, type TableProps } from "antd";
import Link from "next/link";
import { toApiError } from "@/shared/api/problem";
import { formatDateTime } from "@/shared/dates";
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

  const columns: TableProps<Delivery>["columns"] = [
    {
      key: "created",
      title: t.columns.created,
      render: (_, letter) => <DateAndAge at={letter.created_at} />,
    },
    {
      key: "what",
      title: t.columns.what,
      render: (_, letter) => (
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
    { key: "recipient", title: t.columns.recipient, render: (_, letter) => letter.recipient.full_name },
    {
      key: "status",
      title: t.columns.status,
      render: (_, letter) => (
        <>
          <MailState status={letter.status} />
          {letter.sent_at ? (
            <div className="muted numbers nowrap">{formatDateTime(letter.sent_at)}</div>
          ) : letter.next_attempt_at && letter.attempts > 0 ? (
            <div className="muted nowrap">{t.next(formatDateTime(letter.next_attempt_at))}</div>
          ) : null}
        </>
      ),
    },
    {
      key: "attempts",
      title: t.columns.attempts,
      align: "right",
      render: (_, letter) => <span className="numbers">{letter.attempts}</span>,
    },
    {
      key: "error",
      title: t.columns.error,
      render: (_, letter) =>
        letter.last_error ? troubleOf(letter.last_error) : <span className="muted">—</span>,
    },
    {
      key: "actions",
      title: <span className="visually-hidden">{t.columns.actions}</span>,
      align: "right",
      // Without a mail server sending again would only queue it for the same answer.
      render: (_, letter) =>
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
    <Table<Delivery>
      rowKey="id"
      columns={columns}
      dataSource={deliveries}
      loading={loading}
      scroll={{ x: 900 }}
      rowClassName={(letter) => (letter.status === "FAILED" ? "row-overdue" : "")}
      pagination={{
        current: page,
        pageSize: LOG_PAGE_SIZE,
        total,
        hideOnSinglePage: true,
        showSizeChanger: false,
        style: { padding: "0 16px" },
        onChange: onPage,
      }}
    />
  );
}
