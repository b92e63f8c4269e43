import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  PlusCircleOutlined,
  QuestionCircleOutlined,
  StopOutlined,
} from "@ant-design/icons";
import type { ComponentType } from "react";
import type { CaseStatus } from "../api/types";
import styles from "./StatusPill.module.css";
import { uiTexts } from "./texts";

const icons: Record<CaseStatus, ComponentType> = {
  NEW: PlusCircleOutlined,
  IN_PROGRESS: ClockCircleOutlined,
  NEEDS_INFO: QuestionCircleOutlined,
  REJECTED: StopOutlined,
  DONE: CheckCircleOutlined,
};

/** The state of a case: icon, word and colour, never colour alone. */
export function StatusPill({ status }: { status: CaseStatus }) {
  const words = uiTexts.use().statuses;
  const Icon = icons[status];
  return (
    <span className={`${styles.pill ?? ""} ${styles[status] ?? ""}`}>
      <Icon aria-hidden />
      {words[status]}
    </span>
  );
}
