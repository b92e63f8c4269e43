import { Modal } from "antd";
import { App } from "antd";
import { useState } from "react";
import type { Role, User } from "@/shared/api/types";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { shownInPlace } from "@/shared/ui/shown-in-place";
import { uiTexts } from "@/shared/ui/texts";
import { calls, useUserChange } from "./queries";
import { RoleChoice } from "./RoleChoice";
import { userTexts } from "./texts";

/** Opens the desk to somebody who asked for it, in the role the administrator picks. */
export function ApproveDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const t = userTexts.use();
  const ui = uiTexts.use();
  const { message } = App.useApp();
  const [role, setRole] = useState<Role>(user.role);
  const approve = useUserChange(calls.activate);
  return (
    <Modal
      open
      title={t.approve.title(user.full_name)}
      okText={t.approve.submit}
      cancelText={ui.cancel}
      confirmLoading={approve.isPending}
      onCancel={onClose}
      onOk={() => {
        approve
          .mutateAsync({ id: user.id, role })
          .then(() => {
            void message.success(t.activated);
            onClose();
          })
          .catch(shownInPlace);
      }}
    >
      <ErrorNote error={approve.error} />
      <p className="muted">{t.approve.text}</p>
      <RoleChoice value={role} onChange={setRole} />
    </Modal>
  );
}
