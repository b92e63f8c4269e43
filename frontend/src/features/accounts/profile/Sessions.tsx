import { DesktopOutlined, MobileOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { api, ok } from "@/shared/api/client";
import { toApiError } from "@/shared/api/problem";
import type { Session } from "@/shared/api/types";
import { formatDateTime } from "@/shared/dates";
import { ErrorState } from "@/shared/ui/ErrorState";
import { RelativeAge } from "@/shared/ui/RelativeAge";
import { ListSkeleton } from "@/shared/ui/skeletons";
import { deviceName } from "./device";
import styles from "./Sessions.module.css";
import { profileTexts } from "./texts";

const SESSIONS = ["sessions"] as const;

/** Where one is signed in, with a way to end each. */
export function Sessions() {
  const t = profileTexts.use();
  const client = useQueryClient();
  const { message } = App.useApp();
  const sessions = useQuery({
    queryKey: SESSIONS,
    queryFn: ({ signal }) => ok(api.GET("/auth/sessions", { signal })),
  });
  const end = useMutation({
    mutationFn: (session_id: string) =>
      ok(api.DELETE("/auth/sessions/{session_id}", { params: { path: { session_id } } })),
    onSuccess: () => void message.success(t.ended),
    onError: (error) => void message.error(toApiError(error).detail),
    onSettled: () => client.invalidateQueries({ queryKey: SESSIONS }),
  });

  if (sessions.isPending) return <ListSkeleton rows={2} />;
  if (sessions.isError) return <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />;
  return (
    <>
      <p className="muted" style={{ marginTop: 0 }}>
        {t.sessionsHint}
      </p>
      <ul className={styles.list}>
        {sessions.data.sessions.map((session) => (
          <Row
            key={session.id}
            session={session}
            ending={end.isPending && end.variables === session.id}
            onEnd={() => {
              end.mutate(session.id);
            }}
          />
        ))}
      </ul>
    </>
  );
}

function Row({ session, ending, onEnd }: { session: Session; ending: boolean; onEnd: () => void }) {
  const t = profileTexts.use();
  const device = deviceName(session.user_agent) ?? t.unknownDevice;
  const isMobile = /iPad|iPhone|Android/.test(session.user_agent);
  return (
    <li className={styles.row}>
      <span className={styles.icon} aria-hidden>
        {isMobile ? <MobileOutlined /> : <DesktopOutlined />}
      </span>
      <div>
        <strong>{device}</strong>
        {session.is_current ? <span className={styles.current}>{t.current}</span> : null}
        <div className="muted" style={{ fontSize: 13 }}>
          {session.ip} · {t.since(formatDateTime(session.created_at))} · {t.lastSeen}{" "}
          <RelativeAge at={session.last_seen_at} />
        </div>
      </div>
      {session.is_current ? null : (
        <Button size="small" danger loading={ending} aria-label={t.endLabel(device)} onClick={onEnd}>
          {t.end}
        </Button>
      )}
    </li>
  );
}
