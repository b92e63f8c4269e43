import Head from "next/head";
import type { DeskPage } from "@/shared/session/access-rule";
import { NotFound } from "@/shared/ui/NotFound";
import { uiTexts } from "@/shared/ui/texts";

const NotFoundPage: DeskPage = () => {
  const t = uiTexts.use();
  return (
    <>
      <Head>
        <title>{`${t.notFound.title} · ${t.product}`}</title>
      </Head>
      <NotFound isPage />
    </>
  );
};

export default NotFoundPage;
