import { CloudUploadOutlined } from "@ant-design/icons";
import { useEffect, useRef, useState } from "react";
import { useLimits } from "@/shared/api/limits";
import { counted } from "@/shared/plural";
import { ACCEPT, formatSize, nameOfPasted } from "./check";
import styles from "./Files.module.css";
import { fileTexts } from "./texts";

interface Props {
  id?: string;
  onFiles: (files: File[]) => void;
  disabled?: boolean;
}

/** Three ways to give files: drop anywhere on the page, paste, choose. */
export function DropArea({ id, onFiles, disabled = false }: Props) {
  const t = fileTexts.use();
  const limits = useLimits();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const give = useRef(onFiles);
  useEffect(() => {
    give.current = onFiles;
  });

  useEffect(() => {
    if (disabled) return;
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    const onOver = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      // Without this the browser would open a file dropped beside the area and leave the page.
      event.preventDefault();
      setIsOver(true);
    };
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setIsOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setIsOver(false);
      give.current([...(event.dataTransfer?.files ?? [])]);
    };
    const onPaste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      give.current(files.map((file) => nameOfPasted(file, new Date())));
    };
    window.addEventListener("dragover", onOver);
    window.addEventListener("dragleave", onLeave);
    window.addEventListener("drop", onDrop);
    window.addEventListener("paste", onPaste);
    return () => {
      window.removeEventListener("dragover", onOver);
      window.removeEventListener("dragleave", onLeave);
      window.removeEventListener("drop", onDrop);
      window.removeEventListener("paste", onPaste);
    };
  }, [disabled]);

  return (
    <div className={styles.drop} data-over={isOver}>
      <CloudUploadOutlined aria-hidden className={styles.dropIcon} />
      <div>
        {isOver ? (
          <strong>{t.dropNow}</strong>
        ) : (
          <>
            {t.drop}{" "}
            <button
              id={id}
              type="button"
              className={styles.choose}
              disabled={disabled}
              onClick={() => {
                input.current?.click();
              }}
            >
              {t.choose}
            </button>
          </>
        )}
        <div className={styles.limits}>
          {t.limits(formatSize(limits.max_file_bytes), counted(limits.max_files, "filesUpTo"))}
        </div>
      </div>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={ACCEPT}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // The same file can be chosen again after it was removed.
          event.target.value = "";
        }}
      />
    </div>
  );
}
