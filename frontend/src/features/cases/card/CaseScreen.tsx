import Head from "next/head";
import { useRouter } from "next/router";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { ErrorState } from "@/shared/ui/ErrorState";
import { CardSkeleton } from "@/shared/ui/skeletons";
import { uiTexts } from "@/shared/ui/texts";
import { useCase } from "../api/cases";
import styles from "./Card.module.css";
import { CaseContent } from "./CaseContent";
import { cardTexts } from "./texts";

export function CaseScreen() {
  const t = cardTexts.use();
  const ui = uiTexts.use();
  const { query, isReady } = useRouter();
  const publicId = isReady && typeof query.publicId === "string" ? query.publicId : "";
  const card = useCase(publicId);
  return (
    <div className={styles.page}>
      <Head>
        <title>{publicId === "" ? ui.product : `${publicId} · ${ui.product}`}</title>
      </Head>
      {card.data ? (
        <>
          {card.isError ? <ErrorNote error={card.error} /> : null}
          {/* Another case is another screen: nothing typed for one may stand under the other. */}
          <CaseContent key={card.data.id} card={card.data} />
        </>
      ) : card.isError ? (
        <ErrorState error={card.error} onRetry={() => void card.refetch()} />
      ) : (
        <>
          <h1 className="visually-hidden">{t.title(publicId)}</h1>
          <CardSkeleton lines={10} />
        </>
      )}
    </div>
  );
}
