import { CheckCircleOutlined, StopOutlined } from "@ant-design/icons";
import { doctorTexts } from "./texts";

/** Active or not: icon and word. */
export function DoctorState({ isActive }: { isActive: boolean }) {
  const t = doctorTexts.use();
  return isActive ? (
    <span className="nowrap" style={{ color: "var(--done-fg)" }}>
      <CheckCircleOutlined aria-hidden /> {t.active}
    </span>
  ) : (
    <span className="nowrap muted">
      <StopOutlined aria-hidden /> {t.inactive}
    </span>
  );
}
