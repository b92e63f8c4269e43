import { DownloadOutlined } from "@ant-design/icons";
import { Button, Modal, Skeleton } from "antd";
import type { Attachment } from "@/shared/api/types";
import { ErrorState } from "@/shared/ui/ErrorState";
import { isImage, useFileUrl } from "../api/attachments";
import { fileTexts } from "../files/texts";
import styles from "./Card.module.css";

interface Props {
  file: Attachment;
  onDownload: () => void;
  onClose: () => void;
}

/** An image or a PDF without leaving the case. */
export function Preview({ file, onDownload, onClose }: Props) {
  const t = fileTexts.use();
  const { url, error } = useFileUrl(file, true);
  return (
    <Modal
      open
      centered
      width="min(1100px, 94vw)"
      title={file.original_name}
      onCancel={onClose}
      footer={
        <Button icon={<DownloadOutlined />} onClick={onDownload}>
          {t.downloadWord}
        </Button>
      }
    >
      <div className={styles.preview}>
        {error ? (
          <ErrorState error={error} />
        ) : !url ? (
          <Skeleton active paragraph={{ rows: 8 }} />
        ) : isImage(file) ? (
          // eslint-disable-next-line @next/next/no-img-element
          <img src={url} alt={file.original_name} />
        ) : (
          <iframe src={url} title={file.original_name} />
        )}
      </div>
    </Modal>
  );
}
