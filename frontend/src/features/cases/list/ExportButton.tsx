import { DownloadOutlined } from "@ant-design/icons";
import { Alert, Button, Dropdown } from "antd";
import type { CaseQuery } from "../api/cases";
import { formatSize } from "../files/check";
import styles from "./CaseListScreen.module.css";
import { EXPORT_FORMATS, type ExportFormat } from "./export";
import { listTexts } from "./texts";
import type { Export } from "./use-export";

interface Props {
  running: Export;
  query: CaseQuery;
  /** How many cases the file will hold, in words; null while that is not known or there are none. */
  counted: string | null;
}

export function ExportButton({ running, query, counted }: Props) {
  const t = listTexts.use().export;
  const items = [
    {
      key: "what",
      type: "group" as const,
      label: counted === null ? "" : t.what(counted),
      children: EXPORT_FORMATS.map((format) => ({ key: format, label: t.formats[format] })),
    },
  ];
  return (
    <Dropdown
      trigger={["click"]}
      disabled={counted === null || running.received !== null}
      menu={{
        items,
        onClick: ({ key }) => {
          running.start(query, key as ExportFormat);
        },
      }}
    >
      <Button type="text" icon={<DownloadOutlined />}>
        {t.action}
      </Button>
    </Dropdown>
  );
}

/** A bar while the file comes. Its whole length is not known beforehand, so the bar only says that it goes on. */
export function ExportProgress({ running }: { running: Export }) {
  const t = listTexts.use().export;
  if (running.failure)
    return (
      <Alert
        type="error"
        showIcon
        role="alert"
        className={styles.failure}
        title={`${t.failed}. ${running.failure.detail}`}
      />
    );
  if (running.received === null) return null;
  const words = t.running(formatSize(running.received));
  return (
    <div className={styles.export}>
      <span>{words}</span>
      <progress aria-label={words} />
      <Button size="small" onClick={running.stop}>
        {t.stop}
      </Button>
    </div>
  );
}
