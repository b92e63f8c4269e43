import { CheckCircleOutlined } from "@ant-design/icons";
import Link from "next/link";
import { counted } from "@/shared/plural";
import { Block } from "../Block";
import styles from "../Insights.module.css";
import { casesHref } from "../links";
import type { Dashboard } from "../queries";
import { insightTexts } from "../texts";
import own from "./Dashboard.module.css";
import { dashboardTexts } from "./texts";

/** Who has been waiting longest. */
export function OverdueBlock({ overdue }: { overdue: Dashboard["overdue"] }) {
  const t = dashboardTexts.use();
  const define = insightTexts.use().define;
  return (
    <Block
      title={t.overdue}
      definition={define.overdue}
      width={8}
      aside={
        overdue.total > overdue.cases.length ? (
          <Link
            href={casesHref({ overdue: true, order_by: "last_status_change_at" })}
            prefetch={false}
            className="no-print"
          >
            {t.overdueAll(counted(overdue.total, "cases"))}
          </Link>
        ) : null
      }
    >
      {overdue.total === 0 ? (
        <p className={styles.nothing}>
          <CheckCircleOutlined aria-hidden style={{ color: "var(--done-fg)" }} /> {t.overdueNone}
        </p>
      ) : (
        <table className={own.table}>
          <thead>
            <tr>
              <th scope="col">{t.number}</th>
              <th scope="col">{t.applicant}</th>
              <th scope="col">{t.category}</th>
              <th scope="col" className={own.number}>
                {t.waiting}
              </th>
            </tr>
          </thead>
          <tbody>
            {overdue.cases.map((row) => (
              <tr key={row.id}>
                <td>
                  <Link href={`/cases/${row.public_id.toString()}`} prefetch={false} className="numbers">
                    {row.public_id}
                  </Link>
                </td>
                <td>{row.applicant_name}</td>
                <td>{row.category.name}</td>
                <td className={`${own.number ?? ""} ${own.late ?? ""}`}>
                  {counted(row.days_waiting, "days")}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Block>
  );
}
