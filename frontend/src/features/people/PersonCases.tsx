import Link from "next/link";
import { useState } from "react";
import { counted } from "@/shared/plural";
import { Pages } from "@/shared/table/Pages";
import { ErrorState } from "@/shared/ui/ErrorState";
import { Sheet } from "@/shared/ui/Page";
import { RelativeAge } from "@/shared/ui/RelativeAge";
import { ListSkeleton } from "@/shared/ui/skeletons";
import { StatusPill } from "@/shared/ui/StatusPill";
import styles from "./People.module.css";
import { usePersonCases } from "./queries";
import { peopleTexts } from "./texts";

const SIZE = 10;

/** Cases of a patient or about a doctor, as far as the viewer may see them. */
export function PersonCases({ kind, id }: { kind: "patients" | "doctors"; id: string }) {
  const t = peopleTexts.use();
  const [page, setPage] = useState(1);
  const cases = usePersonCases(kind, id, page);
  const total = cases.data?.total ?? 0;
  return (
    <Sheet flush>
      <div className={styles.sheetHead}>
        <h2>{t.cases}</h2>
        <span className="muted">
          {cases.data ? (total === 0 ? t.noCases : `${counted(total, "cases")} · ${t.casesNote}`) : ""}
        </span>
      </div>
      {cases.isPending ? (
        <ListSkeleton rows={3} />
      ) : !cases.data ? (
        <ErrorState error={cases.error} onRetry={() => void cases.refetch()} />
      ) : (
        <ul className={styles.caseList} aria-busy={cases.isPlaceholderData}>
          {cases.data.cases.map((row) => (
            <li key={row.id}>
              <Link href={`/cases/${row.public_id.toString()}`} prefetch={false} className="numbers in-words">
                {row.public_id}
              </Link>
              <StatusPill status={row.status} />
              <span className={styles.caseText}>
                <span className="muted">{row.category.name} · </span>
                {row.summary}
              </span>
              <span className="muted">
                <RelativeAge at={row.created_at} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <Pages page={page} pageSize={SIZE} total={total} onPage={setPage} />
    </Sheet>
  );
}
