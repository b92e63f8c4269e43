import {
  EditOutlined,
  FieldTimeOutlined,
  LeftOutlined,
  LinkOutlined,
  RightOutlined,
  WarningFilled,
} from "@ant-design/icons";
import { App, Button, Tooltip } from "antd";
import Link from "next/link";
import type { ReactNode } from "react";
import type { CaseCard } from "@/shared/api/types";
import { copyText } from "@/shared/copy-text";
import { formatAge } from "@/shared/dates";
import { useLocale } from "@/shared/preferences";
import { formatNumber } from "@/shared/plural";
import { CopyButton } from "@/shared/ui/CopyButton";
import { StatusPill } from "@/shared/ui/StatusPill";
import { uiTexts } from "@/shared/ui/texts";
import { useNow } from "@/shared/use-now";
import styles from "./Card.module.css";
import { cardTexts } from "./texts";
import type { useNeighbours } from "./use-neighbours";

interface Props {
  card: CaseCard;
  place: ReturnType<typeof useNeighbours>;
  onEdit: () => void;
  /** The next sensible action and the others. */
  children: ReactNode;
}

function Lateness({ card }: { card: CaseCard }) {
  const t = cardTexts.use();
  const now = useNow();
  const locale = useLocale();
  if (card.is_overdue)
    return (
      <span className={styles.late}>
        <WarningFilled aria-hidden /> {t.overdue(formatAge(card.created_at, now, locale))}
      </span>
    );
  if (card.is_stale)
    return (
      <span className={styles.late} data-stale="true">
        <FieldTimeOutlined aria-hidden /> {t.stale(formatAge(card.last_status_change_at, now, locale))}
      </span>
    );
  return null;
}

/** Always in view: which case, in what state, what to do next. */
export function CaseHeader({ card, place, onEdit, children }: Props) {
  const t = cardTexts.use();
  const ui = uiTexts.use();
  const { message } = App.useApp();
  const { neighbours, listAddress, go } = place;
  const copyLink = async (): Promise<void> => {
    const address = `${window.location.origin}/cases/${card.public_id.toString()}`;
    if (await copyText(address)) void message.success(ui.copied);
    else void message.error(ui.copyFailed);
  };
  return (
    <header className={styles.head}>
      <Link href={listAddress} prefetch={false}>
        <LeftOutlined aria-hidden style={{ fontSize: 12 }} /> {t.toList}
      </Link>
      <h1 className={styles.number}>
        <span className="visually-hidden">{t.number} </span>
        {card.public_id}
        <CopyButton value={card.public_id.toString()} label={t.copyNumber} />
        <Tooltip title={t.copyLink}>
          <Button
            type="text"
            size="small"
            icon={<LinkOutlined />}
            aria-label={t.copyLink}
            onClick={() => void copyLink()}
          />
        </Tooltip>
      </h1>
      <StatusPill status={card.status} />
      <Lateness card={card} />
      <div className={styles.actions}>
        {children}
        {card.allowed_actions.includes("edit") ? (
          <Button icon={<EditOutlined />} onClick={onEdit}>
            {t.edit}
          </Button>
        ) : null}
        {neighbours ? (
          <span className={styles.steps}>
            <Button
              type="text"
              icon={<LeftOutlined />}
              aria-label={t.previous}
              title={t.previous}
              disabled={neighbours.previous === null}
              onClick={() => {
                if (neighbours.previous) void go(neighbours.previous);
              }}
            />
            <span className="numbers nowrap">
              {t.position(formatNumber(neighbours.position), formatNumber(neighbours.total))}
            </span>
            <Button
              type="text"
              icon={<RightOutlined />}
              aria-label={t.next}
              title={t.next}
              disabled={neighbours.next === null}
              onClick={() => {
                if (neighbours.next) void go(neighbours.next);
              }}
            />
          </span>
        ) : null}
      </div>
    </header>
  );
}
