import { CheckCircleOutlined, HourglassOutlined, KeyOutlined, StopOutlined } from "@ant-design/icons";
import type { User } from "@/shared/api/types";
import { userTexts } from "./texts";

/** Active, inactive, waiting or with a temporary password: icon and word. */
export function UserStateLabel({ user }: { user: User }) {
  const t = userTexts.use();
  if (user.is_pending)
    return (
      <span className="nowrap" style={{ color: "var(--in-progress-fg)" }}>
        <HourglassOutlined aria-hidden /> {t.state_pending}
      </span>
    );
  if (!user.is_active)
    return (
      <span className="nowrap">
        <StopOutlined aria-hidden /> {t.state_inactive}
      </span>
    );
  if (user.must_change_password)
    return (
      <span className="nowrap" style={{ color: "var(--needs-info-fg)" }}>
        <KeyOutlined aria-hidden /> {t.state_temporary}
      </span>
    );
  return (
    <span className="nowrap" style={{ color: "var(--done-fg)" }}>
      <CheckCircleOutlined aria-hidden /> {t.state_active}
    </span>
  );
}
