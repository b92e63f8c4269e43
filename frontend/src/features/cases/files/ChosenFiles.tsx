import { CloseOutlined } from "@ant-design/icons";
import { Alert, Button } from "antd";
import { useObjectUrl } from "@/shared/use-object-url";
import { formatSize, type Refused } from "./check";
import { FileIcon } from "./FileIcon";
import styles from "./Files.module.css";
import { fileTexts } from "./texts";

interface Props {
  files: readonly File[];
  onRemove: (file: File) => void;
  /** What the server said about files; the file it names stands out. */
  problems?: readonly Refused[];
  disabled?: boolean;
}

function Thumbnail({ file }: { file: File }) {
  const isImage = file.type.startsWith("image/");
  const url = useObjectUrl(isImage ? file : null);
  // Next’s own image component cannot show bytes in memory.
  // eslint-disable-next-line @next/next/no-img-element
  return url ? <img src={url} alt="" className={styles.thumb} /> : <FileIcon name={file.name} />;
}

/** Files that will be sent with the form. */
export function ChosenFiles({ files, onRemove, problems = [], disabled = false }: Props) {
  const t = fileTexts.use();
  if (files.length === 0) return null;
  return (
    <ul className={styles.list}>
      {files.map((file) => (
        <li
          key={`${file.name}${file.size.toString()}${file.lastModified.toString()}`}
          className={styles.item}
          data-refused={problems.some(({ reason }) => reason.includes(`«${file.name}»`))}
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
      title={
        <>
          <strong>{t.refusedTitle}</strong>
          <ul className={styles.refused}>
            {refused.map(({ name, reason }, index) => (
              <li key={`${name}${index.toString()}`}>{name === "" ? reason : `${name}: ${reason}`}</li>
            ))}
          </ul>
        </>
      }
    />
  );
}
