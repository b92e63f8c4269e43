import { EditOutlined, PoweroffOutlined, StopOutlined } from "@ant-design/icons";
import { Button, Space, Tooltip } from "antd";
import type { DirectoryEntry } from "@/shared/api/types";
import { catalogTexts } from "./texts";

interface Props {
  entry: DirectoryEntry;
  onRename: () => void;
  onSwitch: () => void;
}

export function EntryActions({ entry, onRename, onSwitch }: Props) {
  const t = catalogTexts.use();
  const switching = entry.is_active ? t.deactivate : t.activate;
  return (
    <Space size={2}>
      <Tooltip title={t.rename}>
        <Button
          type="text"
          icon={<EditOutlined />}
          aria-label={`${t.rename}: ${entry.name}`}
          onClick={onRename}
        />
      </Tooltip>
      <Tooltip title={switching}>
        <Button
          type="text"
          icon={entry.is_active ? <StopOutlined /> : <PoweroffOutlined />}
          aria-label={`${switching}: ${entry.name}`}
          onClick={onSwitch}
        />
      </Tooltip>
    </Space>
  );
}
