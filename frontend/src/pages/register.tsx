import Link from "next/link";
import { Doorstep } from "@/features/accounts/signin/Doorstep";
import styles from "@/features/accounts/signin/Doorstep.module.css";
import { RegisterForm } from "@/features/accounts/signin/RegisterForm";
import { signInTexts } from "@/features/accounts/signin/texts";
import type { DeskPage } from "@/shared/session/access-rule";

const RegisterPage: DeskPage = () => {
  const t = signInTexts.use().register;
  return (
    <Doorstep title={t.title}>
      <p className={styles.note}>{t.intro}</p>
      <RegisterForm />
      <p className={styles.below}>
        {t.haveAccount} <Link href="/login">{t.toLogin}</Link>
      </p>
    </Doorstep>
  );
};

RegisterPage.access = "public";
RegisterPage.bare = true;
export default RegisterPage;
