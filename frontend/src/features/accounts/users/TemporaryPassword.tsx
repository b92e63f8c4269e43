import { Alert, Button, Modal } from "antd";
import { CopyButton } from "@/shared/ui/CopyButton";
import type { Temporary } from "./use-user-actions";
import { userTexts } from "./texts";

/** Shown once and closed only on purpose: there is no second look. */
export function TemporaryPassword({ shown, onClose }: { shown: Temporary | null; onClose: () => void }) {
  const t = userTexts.use().temporary;
  return (
    <Modal
      open={shown !== null}
      title={t.title}
      width={460}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      footer={
        <Button type="primary" onClick={onClose}>
          {t.done}
        </Button>
      }
    >
      {shown ? (
        <>
          <p>{t.text(shown.user.full_name)}</p>
          <dl
            style={{
              display: "grid",
              gridTemplateColumns: "auto 1fr",
              gap: "8px 16px",
              alignItems: "center",
            }}
          >
            <dt className="muted">{t.username}</dt>
            <dd style={{ margin: 0 }}>
              <code style={{ fontSize: 16 }}>{shown.user.username}</code>
            </dd>
            <dt className="muted">{t.password}</dt>
            <dd style={{ margin: 0, display: "flex", gap: 10, alignItems: "center" }}>
              <code className="nowrap" style={{ fontSize: 18, fontWeight: 600 }}>
                {shown.password}
              </code>
              <CopyButton value={shown.password} label={t.label} withText />
            </dd>
          </dl>
          <Alert type="info" showIcon title={t.once} />
        </>
      ) : null}
    </Modal>
  );
}
