import { LockOutlined, SendOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { useState, type KeyboardEvent } from "react";
import { useIdempotencyKey } from "@/shared/api/idempotency";
import { isApiError } from "@/shared/api/problem";
import type { CaseCard, Me } from "@/shared/api/types";
import { formatTime } from "@/shared/dates";
import { useDraft } from "@/shared/drafts";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { useReloadCard } from "../api/cases";
import { addComment, characters, COMMENT_MAX, hearersOf, lengthOf } from "./actions";
import { COMPOSER_ID, type CommentKind } from "./Composer";
import { workTexts } from "./texts";
import styles from "./Work.module.css";

const isBlank = (text: string): boolean => text.trim() === "";

export function ComposerField({ card, me, kind }: { card: CaseCard; me: Me; kind: CommentKind }) {
  const t = workTexts.use().composer;
  const isInternal = kind === "internal";
  const reload = useReloadCard(card.public_id);
  const draft = useDraft<string>(me.id, `case.${card.public_id.toString()}.${kind}`, isBlank);
  const key = useIdempotencyKey();
  const [text, setText] = useState(draft.found?.value ?? "");
  const [isSending, setIsSending] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const length = lengthOf(text);
  const isTooLong = length > COMMENT_MAX;

  const send = async (): Promise<void> => {
    if (length === 0 || isTooLong || isSending) return;
    setIsSending(true);
    setFailure(null);
    try {
      await addComment(card, text.trim(), isInternal, key.current());
      key.renew();
      setText("");
      draft.clear();
      await reload();
      // The new comment is in the thread after the next drawing.
      requestAnimationFrame(() => {
        document.querySelector("#case-thread ~ ol > li:last-child")?.scrollIntoView({ block: "nearest" });
      });
    } catch (error) {
      if (isApiError(error) && error.status >= 400 && error.status < 500 && error.status !== 401) key.renew();
      setFailure(error);
    } finally {
      setIsSending(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key === "Escape") event.currentTarget.blur();
    else if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      void send();
    }
  };

  const hearers = hearersOf(card, me.id);
  const hears = isInternal
    ? t.hearsInternal(card.category.name)
    : hearers.length
      ? t.hearsPublic(hearers.join(", "))
      : t.hearsNobody;
  return (
    <>
      <ErrorNote error={failure} />
      <Input.TextArea
        id={COMPOSER_ID}
        value={text}
        aria-label={isInternal ? t.internal : t.public}
        placeholder={isInternal ? t.internalPlaceholder : t.publicPlaceholder}
        autoSize={{ minRows: 2, maxRows: 10 }}
        status={isTooLong ? "error" : ""}
        className={styles.composerText}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setText(event.target.value);
          draft.keep(event.target.value);
        }}
      />
      <div className={styles.composerFoot}>
        <span className={styles.hears}>{hears}</span>
        <span className={styles.saved} role="status">
          {isTooLong
            ? t.tooLong(characters(length - COMMENT_MAX))
            : draft.savedAt !== null && length > 0
              ? t.saved(formatTime(draft.savedAt))
              : ""}
        </span>
        <Button
          type="primary"
          className={isInternal ? styles.sendInternal : undefined}
          icon={isInternal ? <LockOutlined /> : <SendOutlined />}
          loading={isSending}
          disabled={length === 0 || isTooLong}
          onClick={() => void send()}
        >
          {isInternal ? t.sendInternal : t.sendPublic}
        </Button>
      </div>
    </>
  );
}
