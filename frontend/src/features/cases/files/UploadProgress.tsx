import styles from "./Files.module.css";
import { fileTexts } from "./texts";

/** A bar while bytes leave; then a word that the server is checking what it got. */
export function UploadProgress({ share }: { share: number }) {
  const t = fileTexts.use();
  const percent = Math.floor(share * 100);
  const words = percent >= 100 ? t.checking : t.uploading(percent.toString());
  return (
    <div className={styles.progress}>
      <span>{words}</span>
      <progress max={100} value={percent} aria-label={words} />
    </div>
  );
}
