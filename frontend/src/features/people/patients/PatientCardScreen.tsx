import { EditOutlined, MoreOutlined } from "@ant-design/icons";
import { Alert, App, Button, Drawer, Dropdown } from "antd";
import Link from "next/link";
import { useRouter } from "next/router";
import { useState } from "react";
import { toApiError } from "@/shared/api/problem";
import { formatDate } from "@/shared/dates";
import { useMe } from "@/shared/session/session";
import { ErrorState } from "@/shared/ui/ErrorState";
import { Page } from "@/shared/ui/Page";
import { CardSkeleton } from "@/shared/ui/skeletons";
import styles from "../People.module.css";
import { PersonCases } from "../PersonCases";
import { usePatient, type Patient } from "../queries";
import { peopleTexts } from "../texts";
import { patientAdminTexts } from "./admin-texts";
import { AnonymiseDialog } from "./AnonymiseDialog";
import { exportPatient } from "./export-file";
import { LazyPatientForm } from "./LazyPatientForm";
import { MergeDialog } from "./MergeDialog";
import { MergedCards } from "./MergedCards";
import { PatientFacts } from "./PatientFacts";

export function PatientCardScreen() {
  const t = peopleTexts.use();
  const { query, isReady } = useRouter();
  const id = isReady && typeof query.patientId === "string" ? query.patientId : "";
  const patient = usePatient(id);
  if (patient.isError && !patient.data)
    return <ErrorState error={patient.error} onRetry={() => void patient.refetch()} />;
  if (!patient.data)
    return (
      <Page title={t.patients}>
        <CardSkeleton lines={8} />
      </Page>
    );
  return <PatientCard key={id} card={patient.data} onReload={() => void patient.refetch()} />;
}

type Open = "edit" | "merge" | "anonymise" | null;

function PatientCard({ card, onReload }: { card: Patient; onReload: () => void }) {
  const t = peopleTexts.use();
  const admin = patientAdminTexts.use();
  const me = useMe();
  const router = useRouter();
  const { message } = App.useApp();
  const [open, setOpen] = useState<Open>(null);
  const isLiving = !card.merged_into_id && !card.anonymised_at;
  const close = (): void => {
    setOpen(null);
  };
  const save = (): void => {
    exportPatient(card.id)
      .then(() => void message.success(admin.exported, 5))
      .catch((error: unknown) => void message.error(toApiError(error).detail, 6));
  };
  const items = [
    { key: "export", label: admin.export, onClick: save },
    ...(isLiving
      ? [
          { key: "merge", label: admin.merge.action, onClick: () => setOpen("merge") },
          { type: "divider" as const },
          {
            key: "anonymise",
            label: admin.anonymise.action,
            danger: true,
            onClick: () => setOpen("anonymise"),
          },
        ]
      : []),
  ];
  return (
    <Page
      title={card.full_name}
      extra={<Link href="/patients">{t.patients}</Link>}
      actions={
        <>
          {isLiving ? (
            <Button icon={<EditOutlined />} onClick={() => setOpen("edit")}>
              {t.edit}
            </Button>
          ) : null}
          {me.role === "ADMIN" ? (
            <Dropdown trigger={["click"]} menu={{ items }}>
              <Button icon={<MoreOutlined />} aria-label={admin.more} />
            </Dropdown>
          ) : null}
        </>
      }
    >
      {card.anonymised_at ? (
        <Alert
          type="info"
          showIcon
          title={t.anonymised(formatDate(card.anonymised_at))}
          style={{ marginBottom: 16 }}
        />
      ) : null}
      {card.merged_into_id ? (
        <Alert
          type="warning"
          showIcon
          style={{ marginBottom: 16 }}
          title={t.mergedAway}
          action={<Link href={`/patients/${card.merged_into_id}`}>{t.openRemaining}</Link>}
        />
      ) : null}
      <div className={styles.card}>
        <div>
          <PatientFacts card={card} />
          <MergedCards card={card} onUndone={onReload} />
        </div>
        <div>
          <PersonCases kind="patients" id={card.id} />
        </div>
      </div>
      <Drawer
        open={open === "edit"}
        size={560}
        title={t.editPatient}
        destroyOnHidden
        mask={{ closable: false }}
        onClose={close}
      >
        <LazyPatientForm patient={card} onCancel={close} onDone={close} />
      </Drawer>
      {open === "merge" ? (
        <MergeDialog
          card={card}
          onClose={close}
          onMerged={(kept) => {
            close();
            if (kept.id !== card.id) void router.replace(`/patients/${kept.id}`);
          }}
        />
      ) : null}
      {open === "anonymise" ? <AnonymiseDialog card={card} onClose={close} /> : null}
    </Page>
  );
}
