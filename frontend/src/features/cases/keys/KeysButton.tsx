import { QuestionCircleOutlined } from "@ant-design/icons";
import { Button } from "antd";
import styles from "./KeySheet.module.css";
import { openSheet } from "./sheet";
import { keyTexts } from "./texts";

/** The way to the sheet without a keyboard, and back to it once keys are off. */
export function KeysButton() {
  const t = keyTexts.use();
  return (
    <Button
      type="text"
      size="small"
      className={styles.button}
      icon={<QuestionCircleOutlined />}
      onClick={openSheet}
    >
      {t.title}
    </Button>
  );
}
