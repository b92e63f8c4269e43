import { Button, Segmented } from "antd";
import { useUnreadCount } from "./live/state";
import styles from "./Notices.module.css";
import { useMarkRead } from "./queries";
import { noticeTexts } from "./texts";

interface Props {
  onlyUnread: boolean;
  onChange: (onlyUnread: boolean) => void;
}

/** All or unread, and everything read at one click. */
export function ListControls({ onlyUnread, onChange }: Props) {
  const t = noticeTexts.use();
  const unread = useUnreadCount();
  const markRead = useMarkRead();
  return (
    <div className={styles.controls}>
      <Segmented<boolean>
        aria-label={t.show}
        value={onlyUnread}
        options={[
          { value: false, label: t.all },
          { value: true, label: t.onlyUnread },
        ]}
        onChange={onChange}
      />
      <Button
        type="link"
        disabled={unread === 0}
        loading={markRead.isPending}
        onClick={() => {
          markRead.mutate(null);
        }}
      >
        {t.readAll}
      </Button>
    </div>
  );
}
