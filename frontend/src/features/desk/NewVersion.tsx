import { CloudSyncOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useState } from "react";
import styles from "./NewVersion.module.css";
import { deskTexts } from "./texts";
import { useIsOutdated, watchVersion } from "./version";

/** Announces a new version and waits: the page is never reloaded under typed text. */
export function NewVersion() {
  const t = deskTexts.use().version;
  const isOutdated = useIsOutdated();
  const [isPutOff, setIsPutOff] = useState(false);
  useEffect(watchVersion, []);
  return (
    <div role="status" aria-live="polite" className="no-print">
      {isOutdated && !isPutOff ? (
        <div className={styles.note}>
          <CloudSyncOutlined aria-hidden className={styles.icon} />
          <p className={styles.words}>
            <strong>{t.title}</strong> {t.kept}
          </p>
          <Button
            type="primary"
            size="small"
            onClick={() => {
              window.location.reload();
            }}
          >
            {t.reload}
          </Button>
          <Button
            type="text"
            size="small"
            onClick={() => {
              setIsPutOff(true);
            }}
          >
            {t.later}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
