import { Button } from "antd";
import { formatTime } from "@/shared/dates";
import { useMe } from "@/shared/session/session";
import { Page } from "@/shared/ui/Page";
import { RegisterForm } from "./RegisterForm";
import styles from "./Register.module.css";
import { Registered } from "./Registered";
import { registerTexts } from "./texts";
import { useRegistration } from "./use-registration";

export function RegisterScreen() {
  const t = registerTexts.use();
  const me = useMe();
  const registration = useRegistration(me);
  const { saved, restoredAt, startAfresh, another } = registration;
  return (
    <Page
      title={t.title}
      extra={
        restoredAt !== null && !saved ? (
          <span className={styles.restored} role="status">
            {t.restored(formatTime(restoredAt))}
            <Button type="link" size="small" onClick={startAfresh}>
              {t.discard}
            </Button>
          </span>
        ) : null
      }
    >
      {saved ? (
        <Registered card={saved} onAnother={another} />
      ) : (
        <RegisterForm registration={registration} me={me} />
      )}
    </Page>
  );
}
