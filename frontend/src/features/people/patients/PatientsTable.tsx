import { Table, type TableProps } from "antd";
import Link from "next/link";
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
  const order = (field: string): "ascend" | "descend" | null =>
    view.order === field ? "ascend" : view.order === `-${field}` ? "descend" : null;
  const columns: TableProps<PatientRow>["columns"] = [
    {
      key: "full_name",
      title: t.columns.name,
      sorter: true,
      sortOrder: order("full_name"),
      render: (_, row) => (
        <Link href={`/patients/${row.id}`} prefetch={false} className={styles.name}>
          {row.full_name}
        </Link>
      ),
    },
    { key: "birth", title: t.columns.birth, render: (_, row) => <BirthDate date={row.birth_date} /> },
    {
      key: "record",
      title: t.columns.record,
      render: (_, row) => <span className="numbers">{row.record_number ?? "—"}</span>,
    },
    {
      key: "guardians",
      title: t.columns.guardians,
      render: (_, row) =>
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
      render: (_, row) => {
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
      responsive: ["lg"],
      sorter: true,
      sortOrder: order("created_at"),
      render: (_, row) => <RelativeAge at={row.created_at} />,
    },
  ];
  return (
    <Table<PatientRow>
      rowKey="id"
      columns={columns}
      dataSource={patients}
      loading={loading}
      scroll={{ x: 760 }}
      pagination={{
        current: view.page,
        pageSize: PAGE_SIZE,
        total,
        hideOnSinglePage: true,
        showSizeChanger: false,
        style: { padding: "0 16px" },
      }}
      onChange={(pagination, _, sorter) => {
        const sorted = Array.isArray(sorter) ? sorter[0] : sorter;
        const field = typeof sorted?.columnKey === "string" && sorted.order ? sorted.columnKey : "full_name";
        onChange({ page: pagination.current ?? 1, order: sorted?.order === "descend" ? `-${field}` : field });
      }}
    />
  );
}
