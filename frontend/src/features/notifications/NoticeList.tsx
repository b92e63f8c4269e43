import { CheckCircleOutlined, BellOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { ErrorState } from "@/shared/ui/ErrorState";
import { ListSkeleton } from "@/shared/ui/skeletons";
import { NoticeLine } from "./NoticeLine";
import styles from "./Notices.module.css";
import { useMarkRead, useNotices } from "./queries";
import { noticeTexts } from "./texts";

interface Props {
  onlyUnread: boolean;
  onShowAll: () => void;
  onOpen?: () => void;
}

/** The person's notifications, the newest first; used by the bell's panel and by the page. */
export function NoticeList({ onlyUnread, onShowAll, onOpen }: Props) {
  const t = noticeTexts.use();
  const { query, notices } = useNotices(onlyUnread);
  const markRead = useMarkRead();
  if (query.isPending) return <ListSkeleton rows={6} />;
  if (query.isError && notices.length === 0)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (notices.length === 0)
    return onlyUnread ? (
      <EmptyState
        icon={<CheckCircleOutlined />}
        title={t.emptyUnread}
        action={<Button onClick={onShowAll}>{t.showAll}</Button>}
      >
        {t.emptyUnreadHint}
      </EmptyState>
    ) : (
      <EmptyState icon={<BellOutlined />} title={t.empty}>
        {t.emptyHint}
      </EmptyState>
    );
  return (
    <>
      <ErrorNote error={markRead.error ?? query.error} />
      <ul className={styles.list}>
        {notices.map((notice) => (
          <NoticeLine
            key={notice.id}
            notice={notice}
            onOpen={onOpen}
            onRead={(id) => {
              markRead.mutate(id);
            }}
          />
        ))}
      </ul>
      {query.hasNextPage ? (
        <div className={styles.more}>
          <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t.more}
          </Button>
        </div>
      ) : null}
    </>
  );
}
