import { DownOutlined, RightOutlined } from "@ant-design/icons";
import { Button } from "antd";

interface Props {
  isOpen: boolean;
  label: string;
  onToggle: () => void;
}

export function Expander({ isOpen, label, onToggle }: Props) {
  return (
    <Button
      type="text"
      size="small"
      aria-expanded={isOpen}
      aria-label={label}
      icon={isOpen ? <DownOutlined /> : <RightOutlined />}
      onClick={onToggle}
    />
  );
}
