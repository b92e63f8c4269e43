import { LockOutlined, MessageOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useMemo } from "react";
import type { CaseCard, Comment } from "@/shared/api/types";
import { counted } from "@/shared/plural";
import { useEarlierComments } from "../api/cases";
import { EventEntry } from "./EventEntry";
import { LongText } from "./LongText";
import styles from "./Thread.module.css";
import { cardTexts } from "./texts";
import { threadOf } from "./thread";
import { When } from "./When";

function CommentEntry({ comment }: { comment: Comment }) {
  const t = cardTexts.use();
  return (
    <article className={styles.comment} data-internal={comment.is_internal} id={`comment-${comment.id}`}>
      <header className={styles.commentHead}>
        {comment.is_internal ? <LockOutlined aria-hidden /> : <MessageOutlined aria-hidden />}
        <strong>{comment.author.full_name}</strong>
        <span className={styles.kind}>{comment.is_internal ? t.internalComment : t.publicComment}</span>
        <When at={comment.created_at} />
      </header>
      <LongText text={comment.text} />
    </article>
  );
}

/** What the applicant said, then everything that happened, newest last. */
export function Thread({ card }: { card: CaseCard }) {
  const t = cardTexts.use();
  const before = useEarlierComments(card);
  const entries = useMemo(
    () => threadOf(card, before.data?.pages.flatMap((page) => page.comments) ?? []),
    [card, before.data],
  );
  const left =
    card.comments_total -
    Math.max(card.comments.length, entries.filter(({ kind }) => kind === "comment").length);
  return (
    <>
      <section className={styles.request} aria-labelledby="case-request">
        <h2 id="case-request" className={styles.heading}>
          {t.request}
        </h2>
        <LongText text={card.summary} />
      </section>
      <section aria-labelledby="case-thread">
        <h2 id="case-thread" className="visually-hidden">
          {t.thread}
        </h2>
        {left > 0 ? (
          <Button
            className="no-print"
            loading={before.isFetching}
            onClick={() => void (before.data ? before.fetchNextPage() : before.refetch())}
          >
            {t.earlier(counted(left, "comments"))}
          </Button>
        ) : null}
        <ol className={styles.thread}>
          {entries.map((entry) => (
            <li key={entry.id}>
              {entry.kind === "comment" ? (
                <CommentEntry comment={entry.comment} />
              ) : (
                <EventEntry entry={entry} />
              )}
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}
