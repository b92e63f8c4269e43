import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  CloseCircleOutlined,
  DisconnectOutlined,
  MinusCircleOutlined,
  SendOutlined,
} from "@ant-design/icons";
import type { ComponentType } from "react";
import type { MailStatus } from "../queries";
import { deliveryTexts } from "./texts";

const LOOK: Record<MailStatus, [icon: ComponentType, colour: string]> = {
  PENDING: [ClockCircleOutlined, "var(--in-progress-fg)"],
  SENDING: [SendOutlined, "var(--new-fg)"],
  SENT: [CheckCircleOutlined, "var(--done-fg)"],
  FAILED: [CloseCircleOutlined, "var(--overdue-fg)"],
  NOT_CONFIGURED: [DisconnectOutlined, "var(--muted)"],
  SKIPPED: [MinusCircleOutlined, "var(--muted)"],
};

/** Where a letter stands: icon and word. */
export function MailState({ status }: { status: MailStatus }) {
  const words = deliveryTexts.use().delivery.statuses;
  const [Icon, color] = LOOK[status];
  return (
    <span className="nowrap" style={{ color, fontWeight: status === "FAILED" ? 600 : undefined }}>
      <Icon aria-hidden /> {words[status]}
    </span>
  );
}
