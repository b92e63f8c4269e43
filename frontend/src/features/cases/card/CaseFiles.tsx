import { DeleteOutlined, DownloadOutlined } from "@ant-design/icons";
import { App, Button, Tooltip } from "antd";
import { useState } from "react";
import { toApiError } from "@/shared/api/problem";
import type { Attachment, CaseCard } from "@/shared/api/types";
import { Sheet } from "@/shared/ui/Page";
import { deleteFile, download, isImage, isPreviewable, useFileUrl } from "../api/attachments";
import { useReloadCard } from "../api/cases";
import { formatSize } from "../files/check";
import { FileIcon } from "../files/FileIcon";
import styles from "../files/Files.module.css";
import { fileTexts } from "../files/texts";
import own from "./Card.module.css";
import { Preview } from "./Preview";
import { UploadToCase } from "./UploadToCase";

function Thumbnail({ file }: { file: Attachment }) {
  const { url } = useFileUrl(file, isImage(file));
  // A preview of a PDF leaves its bytes in the same memory; they are no picture.
  if (!url || !isImage(file)) return <FileIcon name={file.original_name} />;
  // Next’s own image component cannot show bytes in memory.
  // eslint-disable-next-line @next/next/no-img-element
  return <img src={url} alt="" className={styles.thumb} />;
}

export function CaseFiles({ card }: { card: CaseCard }) {
  const t = fileTexts.use();
  const { message, modal } = App.useApp();
  const reload = useReloadCard(card.public_id);
  const [shown, setShown] = useState<Attachment | null>(null);
  const mayDelete = card.allowed_actions.includes("delete_attachment");
  const mayAttach = card.allowed_actions.includes("attach");

  const fetchFile = async (file: Attachment): Promise<void> => {
    try {
      await download(file);
    } catch (error) {
      void message.error(`${t.loadFailed}. ${toApiError(error).detail}`);
    }
  };
  const askToDelete = (file: Attachment): void => {
    modal.confirm({
      title: t.deleteTitle,
      content: t.deleteWhat(file.original_name),
      okText: t.deleteWord,
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          await deleteFile(file);
          void message.success(t.deleted);
          await reload();
        } catch (error) {
          void message.error(toApiError(error).detail);
        }
      },
    });
  };

  return (
    <Sheet title={card.attachments.length ? `${t.title} · ${card.attachments.length.toString()}` : t.title}>
      {card.attachments.length === 0 ? <p className={own.noFiles}>{t.noFiles}</p> : null}
      <ul className={`${styles.list ?? ""} ${own.fileList ?? ""}`}>
        {card.attachments.map((file) => (
          <li key={file.id} className={styles.item}>
            <button
              type="button"
              className={own.fileOpen}
              onClick={() => {
                if (isPreviewable(file)) setShown(file);
                else void fetchFile(file);
              }}
            >
              <span className="visually-hidden">{isPreviewable(file) ? t.previewWord : t.downloadWord}</span>
              <Thumbnail file={file} />
              <span className={own.fileName}>
                <span className={styles.name} title={file.original_name}>
                  {file.original_name}
                </span>
                <span className={styles.size}>
                  {formatSize(file.size_bytes)} · {file.uploaded_by.full_name}
                </span>
              </span>
            </button>
            <Tooltip title={t.downloadWord}>
              <Button
                type="text"
                size="small"
                icon={<DownloadOutlined />}
                aria-label={t.download(file.original_name)}
                onClick={() => void fetchFile(file)}
              />
            </Tooltip>
            {mayDelete ? (
              <Tooltip title={t.deleteWord}>
                <Button
                  type="text"
                  size="small"
                  danger
                  icon={<DeleteOutlined />}
                  aria-label={t.deleteFile(file.original_name)}
                  onClick={() => {
                    askToDelete(file);
                  }}
                />
              </Tooltip>
            ) : null}
          </li>
        ))}
      </ul>
      {mayAttach ? (
        <div className="no-print">
          <UploadToCase card={card} />
        </div>
      ) : null}
      {shown ? (
        <Preview
          file={shown}
          onDownload={() => void fetchFile(shown)}
          onClose={() => {
            setShown(null);
          }}
        />
      ) : null}
    </Sheet>
  );
}
