import { QuestionCircleOutlined } from "@ant-design/icons";
import { Button, Popover } from "antd";
import { insightTexts } from "./texts";

/** How a figure is defined: opens by click and by keyboard, for fingers and screen readers alike. */
export function Explain({ name, text }: { name: string; text: string }) {
  const t = insightTexts.use();
  return (
    <Popover
      trigger="click"
      content={<div style={{ maxWidth: 320 }}>{text}</div>}
      styles={{ container: { padding: "10px 14px" } }}
    >
      <Button
        type="text"
        size="small"
        className="no-print"
        icon={<QuestionCircleOutlined style={{ color: "var(--muted)" }} />}
        aria-label={t.explain(name)}
      />
    </Popover>
  );
}
