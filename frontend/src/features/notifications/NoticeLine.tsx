import {
  AlertOutlined,
  CheckOutlined,
  ClockCircleOutlined,
  CommentOutlined,
  InboxOutlined,
  KeyOutlined,
  LockOutlined,
  SwapOutlined,
  UserSwitchOutlined,
  WarningOutlined,
} from "@ant-design/icons";
import { Button, Tooltip } from "antd";
import Link from "next/link";
import type { ComponentType } from "react";
import { RelativeAge } from "@/shared/ui/RelativeAge";
import styles from "./Notices.module.css";
import type { Notice, NoticeType } from "./queries";
import { noticeTexts } from "./texts";
import { headlineOf } from "./words";

const ICONS: Record<NoticeType, ComponentType> = {
  NEW_CASE: InboxOutlined,
  CASE_TAKEN: ClockCircleOutlined,
  STATUS_CHANGED: SwapOutlined,
  COMMENT_PUBLIC: CommentOutlined,
  COMMENT_INTERNAL: LockOutlined,
  REASSIGNED: UserSwitchOutlined,
  ESCALATION: AlertOutlined,
  ACCOUNT_CREATED: KeyOutlined,
  PASSWORD_RESET: KeyOutlined,
  ALARM: WarningOutlined,
};

interface Props {
  notice: Notice;
  onRead: (id: string) => void;
  /** After the person went on to the case. */
  onOpen?: (() => void) | undefined;
}

/** One thing that happened; the whole line leads to its case and is read by that. */
export function NoticeLine({ notice, onRead, onOpen }: Props) {
  const t = noticeTexts.use();
  const line = headlineOf(notice);
  const Icon = ICONS[notice.type];
  const isUnread = notice.read_at === null;
  const who = notice.actor?.full_name ?? (notice.type === "ESCALATION" ? t.reminder : null);
  const below = [notice.category?.name, who].filter(Boolean).join(" · ");
  const open = (): void => {
    if (isUnread) onRead(notice.id);
    onOpen?.();
  };
  return (
    <li className={styles.line} data-unread={isUnread} data-type={notice.type}>
      <span className={styles.icon} aria-hidden>
        <Icon />
      </span>
      <div className={styles.text}>
        <span className={styles.headline}>
          {notice.public_id ? (
            <Link
              href={`/cases/${notice.public_id.toString()}`}
              prefetch={false}
              className={styles.link}
              onClick={open}
            >
              {line}
            </Link>
          ) : (
            line
          )}
          {isUnread ? <span className="visually-hidden"> ({t.unread})</span> : null}
        </span>
        <span className={styles.below}>
          {below ? `${below} · ` : ""}
          <RelativeAge at={notice.created_at} />
        </span>
      </div>
      {isUnread ? (
        <Tooltip title={t.readShort}>
          <Button
            type="text"
            size="small"
            className={styles.read}
            icon={<CheckOutlined />}
            aria-label={t.read(line)}
            onClick={() => {
              onRead(notice.id);
            }}
          />
        </Tooltip>
      ) : null}
    </li>
  );
}
