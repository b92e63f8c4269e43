import { Alert } from "antd";
import { useState } from "react";
import type { CaseCard } from "@/shared/api/types";
import { useShortcuts } from "@/shared/keyboard";
import { useMe } from "@/shared/session/session";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { KeysButton } from "../keys/KeysButton";
import { AssignDialog } from "../work/AssignDialog";
import { Composer, COMPOSER_ID, type CommentKind } from "../work/Composer";
import { StatusDialog } from "../work/StatusDialog";
import { useTake } from "../work/use-take";
import { WorkButtons } from "../work/WorkButtons";
import styles from "./Card.module.css";
import { CaseFiles } from "./CaseFiles";
import { CaseHeader } from "./CaseHeader";
import { EditPanel } from "./EditPanel";
import { Facts } from "./Facts";
import { OtherCases } from "./OtherCases";
import { Thread } from "./Thread";
import { useNeighbours } from "./use-neighbours";

type Open = "status" | "assign" | "edit" | null;

/** After the composer of this kind is on the screen. */
const focusComposer = (): void => {
  requestAnimationFrame(() => document.getElementById(COMPOSER_ID)?.focus());
};

export function CaseContent({ card }: { card: CaseCard }) {
  const me = useMe();
  const place = useNeighbours(card.public_id);
  const { take, isTaking, lost, forget, failure } = useTake(card);
  const [open, setOpen] = useState<Open>(null);
  const [kind, setKind] = useState<CommentKind>("public");
  const may = (action: CaseCard["allowed_actions"][number]): boolean => card.allowed_actions.includes(action);
  const close = (): void => {
    setOpen(null);
  };
  const write = (next: CommentKind): void => {
    setKind(next);
    focusComposer();
  };

  useShortcuts({
    ...(may("comment_public") ? { KeyC: () => write("public") } : {}),
    ...(may("comment_internal") ? { KeyN: () => write("internal") } : {}),
    ...(may("take") ? { KeyT: take } : {}),
    ...(may("change_status") ? { KeyS: () => setOpen("status") } : {}),
    ...(may("assign") ? { KeyA: () => setOpen("assign") } : {}),
    KeyJ: () => {
      if (place.neighbours?.next) void place.go(place.neighbours.next);
    },
    KeyK: () => {
      if (place.neighbours?.previous) void place.go(place.neighbours.previous);
    },
    Escape: place.toList,
  });

  return (
    <>
      <CaseHeader
        card={card}
        place={place}
        onEdit={() => {
          setOpen("edit");
        }}
      >
        <WorkButtons
          card={card}
          isTaking={isTaking}
          onTake={take}
          onStatus={() => {
            setOpen("status");
          }}
          onAssign={() => {
            setOpen("assign");
          }}
        />
      </CaseHeader>
      {lost ? (
        <Alert
          type="warning"
          showIcon
          role="alert"
          title={lost}
          closable={{ onClose: forget }}
          style={{ marginBottom: 16 }}
        />
      ) : null}
      <ErrorNote error={failure} />
      <div className={styles.body}>
        <div>
          <Thread card={card} />
          <div className="no-print">
            <Composer card={card} me={me} kind={kind} onKind={write} />
          </div>
        </div>
        <div className={styles.side}>
          <Facts card={card} />
          <CaseFiles card={card} />
          <OtherCases card={card} me={me} />
          <div className="no-print">
            <KeysButton />
          </div>
        </div>
      </div>
      {open === "status" ? <StatusDialog card={card} me={me} onClose={close} /> : null}
      {open === "assign" ? <AssignDialog card={card} me={me} onClose={close} /> : null}
      {open === "edit" ? <EditPanel card={card} me={me} onClose={close} /> : null}
    </>
  );
}
