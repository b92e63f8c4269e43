import { DisconnectOutlined } from "@ant-design/icons";
import { useConnection } from "../api/connection";
import { uiTexts } from "../ui/texts";
import styles from "./OfflineStrip.module.css";

/** Says that the server is out of reach; goes away by itself when it answers again. */
export function OfflineStrip() {
  const t = uiTexts.use();
  const connection = useConnection();
  return (
    <div role="status" aria-live="polite">
      {connection === "offline" ? (
        <div className={styles.strip}>
          <DisconnectOutlined aria-hidden /> {t.offline}
        </div>
      ) : null}
    </div>
  );
}
