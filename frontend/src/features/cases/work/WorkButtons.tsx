import { CarryOutOutlined, SwapOutlined, UserSwitchOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { CaseCard } from "@/shared/api/types";
import { workTexts } from "./texts";

interface Props {
  card: CaseCard;
  isTaking: boolean;
  onTake: () => void;
  onStatus: () => void;
  onAssign: () => void;
}

/** What may be done now, by the server's word alone; the next sensible thing stands out. */
export function WorkButtons({ card, isTaking, onTake, onStatus, onAssign }: Props) {
  const t = workTexts.use();
  const mayTake = card.allowed_actions.includes("take");
  const isClosed = card.status === "DONE" || card.status === "REJECTED";
  return (
    <>
      {mayTake ? (
        <Button type="primary" icon={<CarryOutOutlined />} loading={isTaking} onClick={onTake}>
          {t.take}
        </Button>
      ) : null}
      {card.allowed_actions.includes("change_status") ? (
        <Button type={mayTake ? "default" : "primary"} icon={<SwapOutlined />} onClick={onStatus}>
          {isClosed ? t.reopen : t.change}
        </Button>
      ) : null}
      {card.allowed_actions.includes("assign") ? (
        <Button icon={<UserSwitchOutlined />} onClick={onAssign}>
          {card.responsible ? t.reassign : t.assign}
        </Button>
      ) : null}
    </>
  );
}
