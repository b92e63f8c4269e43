import Link from "next/link";
import type { Column } from "@/shared/table/columns";
import { DataTable } from "@/shared/table/DataTable";
import { PhoneLink } from "@/shared/ui/PhoneLink";
import { RelativeAge } from "@/shared/ui/RelativeAge";
import styles from "../People.module.css";
import { PAGE_SIZE, type PatientRow, type PatientsView } from "../queries";
import { peopleTexts } from "../texts";
import { BirthDate } from "./Age";

interface Props {
  patients: PatientRow[];
  total: number;
  view: PatientsView;
  loading: boolean;
  onChange: (change: Partial<PatientsView>) => void;
}

export function PatientsTable({ patients, total, view, loading, onChange }: Props) {
  const t = peopleTexts.use();
  const columns: Column<PatientRow>[] = [
    {
      key: "full_name",
      title: t.columns.name,
      sort: "server",
      render: (row) => (
        <>
          <Link href={`/patients/${row.id}`} prefetch={false} className={styles.name}>
            {row.full_name}
          </Link>
          {row.record_number ? (
            <span className={`below-desktop numbers ${styles.second ?? ""}`}>{row.record_number}</span>
          ) : null}
        </>
      ),
    },
    { key: "birth", title: t.columns.birth, render: (row) => <BirthDate date={row.birth_date} /> },
    {
      key: "record",
      title: t.columns.record,
      from: "desktop",
      render: (row) => <span className="numbers">{row.record_number ?? "—"}</span>,
    },
    {
      key: "guardians",
      title: t.columns.guardians,
      render: (row) =>
        row.guardians.length === 0 ? (
          <span className="muted">—</span>
        ) : (
          <ul className={styles.lines}>
            {row.guardians.map((one) => (
              <li key={one.id}>
                {one.full_name} <span className={styles.second}>{one.relation}</span>
              </li>
            ))}
          </ul>
        ),
    },
    {
      key: "contacts",
      title: t.columns.contacts,
      render: (row) => {
        const main = row.guardians.find((one) => one.is_primary) ?? row.guardians[0];
        const phone = row.phone ?? main?.phone;
        const email = row.email ?? main?.email;
        return (
          <>
            {phone ? <PhoneLink phone={phone} /> : null}
            {email ? <div className={styles.second}>{email}</div> : null}
            {phone || email ? null : <span className="muted">—</span>}
          </>
        );
      },
    },
    {
      key: "created_at",
      title: t.columns.created,
      from: "desktop",
      sort: "server",
      render: (row) => <RelativeAge at={row.created_at} />,
    },
  ];
  return (
    <DataTable
      caption={t.patients}
      columns={columns}
      rows={patients}
      keyOf={(row) => row.id}
      isOld={loading}
      minWidth={640}
      order={view.order}
      onOrder={(order) => {
        onChange({ order, page: 1 });
      }}
      paging={{
        page: view.page,
        pageSize: PAGE_SIZE,
        total,
        onPage: (page) => {
          onChange({ page });
        },
      }}
    />
  );
}
