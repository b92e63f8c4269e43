import Link from "next/link";
import { useRouter } from "next/router";
import { useEffect } from "react";
import { Doorstep } from "@/features/accounts/signin/Doorstep";
import styles from "@/features/accounts/signin/Doorstep.module.css";
import { LoginForm } from "@/features/accounts/signin/LoginForm";
import { signInTexts } from "@/features/accounts/signin/texts";
import type { DeskPage } from "@/shared/session/access-rule";
import { safeNext } from "@/shared/session/Guard";
import { useMeQuery } from "@/shared/session/session";

const LoginPage: DeskPage = () => {
  const t = signInTexts.use().login;
  const router = useRouter();
  const me = useMeQuery();
  const isIn = me.data !== undefined;
  // Somebody who is signed in already, here or in another tab, has nothing to do on this page.
  useEffect(() => {
    if (isIn && router.isReady) void router.replace(safeNext(router.query.next));
  }, [isIn, router]);
  return (
    <Doorstep title={t.title}>
      <LoginForm onSignedIn={() => undefined} />
      <p className={styles.below}>
        {t.noAccount} <Link href="/register">{t.register}</Link>
        <span className={styles.break} />
        <span className="muted">{t.forgot}</span>
      </p>
    </Doorstep>
  );
};

LoginPage.access = "public";
LoginPage.bare = true;
export default LoginPage;
