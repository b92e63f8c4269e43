import { Radio } from "antd";
import { ROLES, type Role } from "@/shared/api/types";
import { sessionTexts } from "@/shared/session/texts";
import { userTexts } from "./texts";

interface Props {
  value?: Role;
  onChange?: (role: Role) => void;
  disabled?: boolean;
  id?: string;
}

/** The three roles with what each may do, so that nobody has to guess. */
export function RoleChoice({ value, onChange, disabled, id }: Props) {
  const roles = sessionTexts.use().roles;
  const hints = userTexts.use().form.roleHints;
  return (
    <Radio.Group
      id={id}
      value={value}
      disabled={disabled}
      style={{ display: "grid", gap: 8 }}
      onChange={(event) => onChange?.(event.target.value as Role)}
    >
      {ROLES.map((role) => (
        <Radio key={role} value={role}>
          {roles[role]}
          <div className="muted" style={{ fontSize: 13 }}>
            {hints[role]}
          </div>
        </Radio>
      ))}
    </Radio.Group>
  );
}
