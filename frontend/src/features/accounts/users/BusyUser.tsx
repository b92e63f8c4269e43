import type { ApiError } from "@/shared/api/problem";
import type { CaseStatus, User } from "@/shared/api/types";
import { counted, formatNumber } from "@/shared/plural";
import { StatusPill } from "@/shared/ui/StatusPill";
import { userTexts } from "./texts";

interface ActiveCase {
  id: string;
  public_id: number;
  status: CaseStatus;
  category: { name: string };
}

const SHOWN = 8;

/** The cases that stand in the way of deactivating somebody. */
export function BusyUser({ user, problem }: { user: Pick<User, "id" | "full_name">; problem: ApiError }) {
  const t = userTexts.use().busy;
  const cases = (problem.extra.cases ?? []) as ActiveCase[];
  const total = Number(problem.extra.total_cases ?? cases.length);
  return (
    <>
      <p>{t.text(user.full_name, counted(total, "cases"))}</p>
      <ul style={{ margin: "0 0 12px", padding: 0, listStyle: "none" }}>
        {cases.slice(0, SHOWN).map((one) => (
          <li key={one.id} style={{ display: "flex", gap: 10, padding: "4px 0", alignItems: "center" }}>
            <a
              href={`/cases/${one.public_id.toString()}`}
              target="_blank"
              rel="noreferrer"
              className="numbers"
            >
              {one.public_id}
            </a>
            <StatusPill status={one.status} />
            <span className="muted">{one.category.name}</span>
          </li>
        ))}
      </ul>
      {total > SHOWN ? <p className="muted">{t.more(formatNumber(total - SHOWN))}</p> : null}
      <a
        href={`/cases?responsible_id=${user.id}&status=IN_PROGRESS&status=NEEDS_INFO`}
        target="_blank"
        rel="noreferrer"
      >
        {t.open}
      </a>
    </>
  );
}
