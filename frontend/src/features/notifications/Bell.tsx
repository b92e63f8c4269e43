import { BellOutlined } from "@ant-design/icons";
import { Badge, Button } from "antd";
import dynamic from "next/dynamic";
import { useState } from "react";
import { counted } from "@/shared/plural";
import { useUnreadCount } from "./live/state";
import { useLive } from "./live/use-live";
import { noticeTexts } from "./texts";
import { headlineOf } from "./words";

const BellPanel = dynamic(() => import("./BellPanel"), { ssr: false });

/** The bell with the number of unread notifications, live; also what keeps this window up to date. */
export function Bell() {
  const t = noticeTexts.use();
  const unread = useUnreadCount();
  const [isOpen, setIsOpen] = useState(false);
  const [arrived, setArrived] = useState("");
  useLive((notice) => {
    setArrived(t.arrived(headlineOf(notice)));
  });
  return (
    <>
      <Button
        type="text"
        aria-label={t.bell(unread === 0 ? t.none : counted(unread, "unread"))}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        icon={
          <Badge count={unread} size="small" overflowCount={99} offset={[2, -2]}>
            <BellOutlined style={{ fontSize: 18, color: "var(--bar-fg)" }} />
          </Badge>
        }
        onClick={() => {
          setIsOpen(true);
        }}
      />
      <span className="visually-hidden" role="status" aria-live="polite">
        {arrived}
      </span>
      {isOpen ? (
        <BellPanel
          onClose={() => {
            setIsOpen(false);
          }}
        />
      ) : null}
    </>
  );
}
