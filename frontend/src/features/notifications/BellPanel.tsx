import { Drawer } from "antd";
import Link from "next/link";
import { useState } from "react";
import { ListControls } from "./ListControls";
import { NoticeList } from "./NoticeList";
import styles from "./Notices.module.css";
import { noticeTexts } from "./texts";

/** What happened lately, beside whatever is on the screen. */
export default function BellPanel({ onClose }: { onClose: () => void }) {
  const t = noticeTexts.use();
  const [onlyUnread, setOnlyUnread] = useState(false);
  return (
    <Drawer
      open
      size={440}
      title={t.title}
      styles={{ body: { padding: 0 } }}
      extra={
        <Link href="/notifications" onClick={onClose} className={styles.whole}>
          {t.wholeList}
        </Link>
      }
      onClose={onClose}
    >
      <ListControls onlyUnread={onlyUnread} onChange={setOnlyUnread} />
      <NoticeList
        onlyUnread={onlyUnread}
        onOpen={onClose}
        onShowAll={() => {
          setOnlyUnread(false);
        }}
      />
    </Drawer>
  );
}
