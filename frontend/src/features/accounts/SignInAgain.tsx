import { useQueryClient } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { ME_KEY } from "@/shared/api/query-client";
import type { Me } from "@/shared/api/types";
import { leave, useSessionState } from "@/shared/session/session";
import { LoginForm } from "./signin/LoginForm";
import { signInTexts } from "./signin/texts";

/** Over whatever page is open when its session ends. The page below keeps everything typed in it. */
export function SignInAgain() {
  const t = signInTexts.use().again;
  const state = useSessionState();
  const me = useQueryClient().getQueryData<Me>(ME_KEY);
  if (state !== "expired" || !me) return null;
  return (
    <Modal
      open
      title={t.title}
      width={420}
      footer={null}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
    >
      <p className="muted" style={{ marginTop: 0 }}>
        {t.text(me.full_name)}
      </p>
      <LoginForm username={me.username} onSignedIn={() => undefined} />
      <Button type="link" block style={{ marginTop: 10 }} onClick={leave}>
        {t.other}
      </Button>
    </Modal>
  );
}
