import { useQueryClient } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import dynamic from "next/dynamic";
import { useEffect } from "react";
import { ME_KEY } from "@/shared/api/query-client";
import type { Me } from "@/shared/api/types";
import { leave, useSessionState } from "@/shared/session/session";
import { CardSkeleton } from "@/shared/ui/skeletons";
import { SignInElsewhere } from "./SignInElsewhere";
import { signInTexts } from "./signin/texts";

// Fetched when a session ends, not with every page. Where it cannot be had, because a newer version has replaced it
// meanwhile, another tab will do: the page and what is typed in it stay.
const LoginForm = dynamic(
  () =>
    import("./signin/LoginForm").then(
      (part) => part.LoginForm,
      () => SignInElsewhere,
    ),
  { ssr: false, loading: () => <CardSkeleton /> },
);

/** Over whatever page is open when its session ends. The page below keeps everything typed in it. */
export function SignInAgain() {
  const t = signInTexts.use().again;
  const state = useSessionState();
  const client = useQueryClient();
  const me = client.getQueryData<Me>(ME_KEY);
  const isOver = state === "expired";
  // Once the session is open again, here or in another tab, what failed meanwhile is read anew.
  useEffect(() => {
    if (!isOver) return;
    return () => void client.invalidateQueries();
  }, [isOver, client]);
  if (!isOver || !me) return null;
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
