import { SettingOutlined } from "@ant-design/icons";
import { Button, Checkbox, Popover } from "antd";
import { COLUMNS, FIXED, toggleColumn, useColumns } from "./columns";
import { listTexts } from "./texts";

export function ColumnChooser() {
  const t = listTexts.use();
  const shown = useColumns();
  const content = (
    <div style={{ display: "grid", gap: 8 }}>
      {COLUMNS.filter((column) => !FIXED.includes(column)).map((column) => (
        <Checkbox
          key={column}
          checked={shown.includes(column)}
          onChange={() => {
            toggleColumn(column);
          }}
        >
          {t.columns[column]}
        </Checkbox>
      ))}
    </div>
  );
  return (
    <Popover content={content} trigger="click" placement="bottomRight">
      <Button type="text" icon={<SettingOutlined />}>
        {t.chooseColumns}
      </Button>
    </Popover>
  );
}
