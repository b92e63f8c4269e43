import { Sheet } from "@/shared/ui/Page";
import { ChosenFiles, RefusedFiles } from "../files/ChosenFiles";
import { DropArea } from "../files/DropArea";
import styles from "../files/Files.module.css";
import { fileTexts } from "../files/texts";
import { UploadProgress } from "../files/UploadProgress";
import type { Registration } from "./use-registration";

export function RegisterFiles({ registration }: { registration: Registration }) {
  const t = fileTexts.use();
  const { files, progress } = registration;
  const isSaving = progress !== null;
  return (
    <Sheet title={t.title}>
      <DropArea onFiles={files.add} disabled={isSaving} />
      {files.lost.length > 0 ? (
        <p className={styles.limits} role="status" style={{ margin: "10px 0 0" }}>
          {t.lost} <strong>{files.lost.join(", ")}</strong>
        </p>
      ) : null}
      <ChosenFiles files={files.files} onRemove={files.remove} problems={files.refused} disabled={isSaving} />
      {files.cannotKeep ? <p className={styles.limits}>{t.cannotKeep}</p> : null}
      <RefusedFiles
        refused={files.refused}
        onClose={() => {
          files.refuse([]);
        }}
      />
      {isSaving && files.files.length > 0 ? <UploadProgress share={progress} /> : null}
    </Sheet>
  );
}
