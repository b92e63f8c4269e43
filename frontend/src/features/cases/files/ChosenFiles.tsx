import { CloseOutlined } from "@ant-design/icons";
import { Alert, Button } from "antd";
import { useEffect, useMemo } from "react";
import { formatSize, type Refused } from "./check";
import { FileIcon } from "./FileIcon";
import styles from "./Files.module.css";
import { fileTexts } from "./texts";

interface Props {
  files: readonly File[];
  onRemove: (file: File) => void;
  disabled?: boolean;
}

function Thumbnail({ file }: { file: File }) {
  const isImage = file.type.startsWith("image/");
  const url = useMemo(() => (isImage ? URL.createObjectURL(file) : null), [file, isImage]);
  useEffect(
    () => () => {
      if (url) URL.revokeObjectURL(url);
    },
    [url],
  );
  return url ? <img src={url} alt="" className={styles.thumb} /> : <FileIcon name={file.name} />;
}

/** Files that will be sent with the form. */
export function ChosenFiles({ files, onRemove, disabled = false }: Props) {
  const t = fileTexts.use();
  if (files.length === 0) return null;
  return (
    <ul className={styles.list}>
      {files.map((file) => (
        <li
          key={`${file.name}${file.size.toString()}${file.lastModified.toString()}`}
          className={styles.item}
        >
          <Thumbnail file={file} />
          <span className={styles.name} title={file.name}>
            {file.name}
          </span>
          <span className={styles.size}>{formatSize(file.size)}</span>
          <Button
            type="text"
            size="small"
            icon={<CloseOutlined />}
            aria-label={t.remove(file.name)}
            disabled={disabled}
            onClick={() => {
              onRemove(file);
            }}
          />
        </li>
      ))}
    </ul>
  );
}

/** Files that were not taken, each with its reason; stays until closed. */
export function RefusedFiles({ refused, onClose }: { refused: readonly Refused[]; onClose: () => void }) {
  const t = fileTexts.use();
  if (refused.length === 0) return null;
  return (
    <Alert
      type="error"
      role="alert"
      closable={{ onClose }}
      style={{ marginTop: 10 }}
      title={t.refusedTitle}
      description={
        <ul className={styles.refused}>
          {refused.map(({ name, reason }, index) => (
            <li key={`${name}${index.toString()}`}>
              <strong>{name}</strong>: {reason}
            </li>
          ))}
        </ul>
      }
    />
  );
}
