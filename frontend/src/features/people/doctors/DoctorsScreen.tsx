import { PlusOutlined } from "@ant-design/icons";
import { Button, Drawer } from "antd";
import Link from "next/link";
import { useRouter } from "next/router";
import { useCan } from "@/shared/session/session";
import { counted } from "@/shared/plural";
import type { Column } from "@/shared/table/columns";
import { DataTable } from "@/shared/table/DataTable";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ErrorState } from "@/shared/ui/ErrorState";
import { Page, Sheet } from "@/shared/ui/Page";
import { PhoneLink } from "@/shared/ui/PhoneLink";
import { ListSkeleton } from "@/shared/ui/skeletons";
import { uiTexts } from "@/shared/ui/texts";
import { useUrlState } from "@/shared/url-state";
import { doctorsView, useDoctors, type DoctorsView } from "../doctor-queries";
import styles from "../People.module.css";
import { PAGE_SIZE, type Doctor } from "../queries";
import { DoctorFilters } from "./DoctorFilters";
import { DoctorForm } from "./DoctorForm";
import { DoctorState } from "./DoctorState";
import { doctorTexts } from "./texts";

export function DoctorsScreen() {
  const t = doctorTexts.use();
  const ui = uiTexts.use();
  const router = useRouter();
  const mayManage = useCan("directories.manage");
  const [view, setView] = useUrlState<DoctorsView>(doctorsView);
  const doctors = useDoctors(view);
  const total = doctors.data?.total;
  const isFiltered = Boolean(view.search || view.specialty || view.department || view.state);
  const close = (): void => {
    setView({ panel: "" }, { history: "replace" });
  };
  const add = mayManage ? (
    <Button icon={<PlusOutlined />} onClick={() => setView({ panel: "new" })}>
      {t.add}
    </Button>
  ) : null;
  return (
    <Page title={t.title} actions={add}>
      <DoctorFilters
        view={view}
        found={total === undefined ? "" : ui.found(counted(total, "doctors"))}
        onChange={(change) => setView(change, { history: "replace" })}
      />
      <Sheet flush>
        {doctors.isPending ? (
          <ListSkeleton />
        ) : !doctors.data ? (
          <ErrorState error={doctors.error} onRetry={() => void doctors.refetch()} />
        ) : doctors.data.total === 0 ? (
          <EmptyState
            title={isFiltered ? t.emptyFiltered : t.empty}
            action={
              isFiltered ? (
                <Button
                  onClick={() =>
                    setView({ search: "", specialty: "", department: "", state: undefined, page: 1 })
                  }
                >
                  {t.reset}
                </Button>
              ) : (
                add
              )
            }
          />
        ) : (
          <DoctorsTable
            doctors={doctors.data.doctors}
            total={doctors.data.total}
            view={view}
            loading={doctors.isPlaceholderData}
            onChange={setView}
          />
        )}
      </Sheet>
      {mayManage ? (
        <Drawer open={view.panel === "new"} size={480} title={t.newDoctor} destroyOnHidden onClose={close}>
          <DoctorForm onCancel={close} onDone={(doctor) => void router.push(`/doctors/${doctor.id}`)} />
        </Drawer>
      ) : null}
    </Page>
  );
}

interface TableOptions {
  doctors: Doctor[];
  total: number;
  view: DoctorsView;
  loading: boolean;
  onChange: (change: Partial<DoctorsView>) => void;
}

function DoctorsTable({ doctors, total, view, loading, onChange }: TableOptions) {
  const t = doctorTexts.use();
  const columns: Column<Doctor>[] = [
    {
      key: "name",
      title: t.name,
      render: (doctor) => (
        <Link href={`/doctors/${doctor.id}`} prefetch={false} className={styles.name}>
          {doctor.full_name}
        </Link>
      ),
    },
    { key: "specialty", title: t.specialty, render: (doctor) => doctor.specialty },
    { key: "department", title: t.department, render: (doctor) => doctor.department },
    {
      key: "contacts",
      title: t.contacts,
      render: ({ phone, email }) => (
        <>
          {phone ? <PhoneLink phone={phone} /> : null}
          {email ? <div className={styles.second}>{email}</div> : null}
          {phone || email ? null : <span className="muted">—</span>}
        </>
      ),
    },
    { key: "state", title: t.state, render: (doctor) => <DoctorState isActive={doctor.is_active} /> },
  ];
  return (
    <DataTable
      caption={t.title}
      columns={columns}
      rows={doctors}
      keyOf={(doctor) => doctor.id}
      isOld={loading}
      minWidth={680}
      rowClass={(doctor) => (doctor.is_active ? "" : "row-inactive")}
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
