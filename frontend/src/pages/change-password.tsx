import { App, Button } from "antd";
import { useRouter } from "next/router";
import { ChangePasswordForm } from "@/features/accounts/signin/ChangePasswordForm";
import { Doorstep } from "@/features/accounts/signin/Doorstep";
import styles from "@/features/accounts/signin/Doorstep.module.css";
import { signInTexts } from "@/features/accounts/signin/texts";
import type { DeskPage } from "@/shared/session/access-rule";
import { safeNext } from "@/shared/session/Guard";
import { signOut, useMe, useRefreshMe } from "@/shared/session/session";
import { uiTexts } from "@/shared/ui/texts";

const ChangePasswordPage: DeskPage = () => {
  const t = signInTexts.use().change;
  const back = uiTexts.use().back;
  const router = useRouter();
  const { message } = App.useApp();
  const isForced = useMe().must_change_password;
  const refreshMe = useRefreshMe();
  const onChanged = (): void => {
    void message.success(t.done, 6);
    void refreshMe().then(() => router.replace(safeNext(router.query.next)));
  };
  return (
    <Doorstep title={t.title}>
      {isForced ? <p className={styles.note}>{t.forced}</p> : null}
      <ChangePasswordForm onChanged={onChanged} />
      <p className={styles.below}>
        {isForced ? (
          <Button type="link" onClick={() => void signOut()} style={{ padding: 0 }}>
            {t.signOut}
          </Button>
        ) : (
          <Button type="link" onClick={() => void router.push("/profile")} style={{ padding: 0 }}>
            {back}
          </Button>
        )}
      </p>
    </Doorstep>
  );
};

ChangePasswordPage.access = "temporary-password";
ChangePasswordPage.bare = true;
export default ChangePasswordPage;
