import { LockOutlined, MessageOutlined } from "@ant-design/icons";
import type { CaseCard, Me } from "@/shared/api/types";
import { ComposerField } from "./ComposerField";
import { workTexts } from "./texts";
import styles from "./Work.module.css";

export type CommentKind = "public" | "internal";

interface Props {
  card: CaseCard;
  me: Me;
  kind: CommentKind;
  onKind: (kind: CommentKind) => void;
}

export const COMPOSER_ID = "case-composer";

/** Docked below the thread. Reply and note have separate texts, so a note cannot be sent as a reply by a slip. */
export function Composer({ card, me, kind, onKind }: Props) {
  const t = workTexts.use().composer;
  const may = {
    public: card.allowed_actions.includes("comment_public"),
    internal: card.allowed_actions.includes("comment_internal"),
  };
  if (!may.public && !may.internal) return null;
  const current = may[kind] ? kind : may.public ? "public" : "internal";
  const kinds: CommentKind[] = may.internal ? ["public", "internal"] : ["public"];
  return (
    <section className={styles.composer} data-kind={current} aria-label={t.label}>
      {kinds.length > 1 ? (
        <div className={styles.tabs} role="tablist">
          {kinds.map((one) => (
            <button
              key={one}
              type="button"
              role="tab"
              className={styles.tab}
              data-kind={one}
              aria-selected={one === current}
              aria-controls="composer-panel"
              onClick={() => {
                onKind(one);
              }}
            >
              {one === "internal" ? <LockOutlined aria-hidden /> : <MessageOutlined aria-hidden />}
              {t[one]}
            </button>
          ))}
        </div>
      ) : null}
      <div id="composer-panel" role={kinds.length > 1 ? "tabpanel" : undefined}>
        <ComposerField key={current} card={card} me={me} kind={current} />
      </div>
    </section>
  );
}
