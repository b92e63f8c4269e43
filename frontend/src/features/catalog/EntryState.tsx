import { CheckCircleOutlined, StopOutlined } from "@ant-design/icons";
import { catalogTexts } from "./texts";
import type { Place } from "./queries";

/** Icon and word; «активна» or «активний» by the gender of what it stands beside. */
export function EntryState({ isActive, kind }: { isActive: boolean; kind: Place["kind"] }) {
  const t = catalogTexts.use();
  const word =
    kind === "channels" ? (isActive ? t.activeChannel : t.inactiveChannel) : isActive ? t.active : t.inactive;
  return (
    <span className="nowrap" style={isActive ? { color: "var(--done-fg)" } : undefined}>
      {isActive ? <CheckCircleOutlined aria-hidden /> : <StopOutlined aria-hidden />} {word}
    </span>
  );
}
