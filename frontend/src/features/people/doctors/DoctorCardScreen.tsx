import { EditOutlined } from "@ant-design/icons";
import { App, Button, Drawer } from "antd";
import Link from "next/link";
import { useRouter } from "next/router";
import { useState } from "react";
import { toApiError } from "@/shared/api/problem";
import { useCan } from "@/shared/session/session";
import { ErrorState } from "@/shared/ui/ErrorState";
import { Facts } from "@/shared/ui/Facts";
import { Page, Sheet } from "@/shared/ui/Page";
import { MailLink } from "@/shared/ui/MailLink";
import { PhoneLink } from "@/shared/ui/PhoneLink";
import { CardSkeleton } from "@/shared/ui/skeletons";
import { uiTexts } from "@/shared/ui/texts";
import { doctorCalls, useDoctor, useDoctorChange } from "../doctor-queries";
import styles from "../People.module.css";
import { PersonCases } from "../PersonCases";
import type { Doctor } from "../queries";
import { DoctorForm } from "./DoctorForm";
import { DoctorState } from "./DoctorState";
import { Outcomes } from "./Outcomes";
import { doctorTexts } from "./texts";

export function DoctorCardScreen() {
  const t = doctorTexts.use();
  const { query, isReady } = useRouter();
  const id = isReady && typeof query.doctorId === "string" ? query.doctorId : "";
  const doctor = useDoctor(id);
  if (doctor.data) return <DoctorCard key={id} doctor={doctor.data} />;
  if (doctor.isError) return <ErrorState error={doctor.error} onRetry={() => void doctor.refetch()} />;
  return (
    <Page title={t.title}>
      <CardSkeleton lines={8} />
    </Page>
  );
}

function DoctorCard({ doctor }: { doctor: Doctor }) {
  const t = doctorTexts.use();
  const mayManage = useCan("directories.manage");
  const [isEditing, setIsEditing] = useState(false);
  const none = <span className="muted">{t.none}</span>;
  const close = (): void => {
    setIsEditing(false);
  };
  return (
    <Page
      title={doctor.full_name}
      extra={<Link href="/doctors">{t.title}</Link>}
      actions={
        mayManage ? (
          <>
            <Button icon={<EditOutlined />} onClick={() => setIsEditing(true)}>
              {t.edit}
            </Button>
            <Switching doctor={doctor} />
          </>
        ) : null
      }
    >
      <div className={styles.card}>
        <div>
          <Sheet title={t.data}>
            <Facts
              facts={[
                [t.specialty, doctor.specialty],
                [t.department, doctor.department],
                [t.phone, doctor.phone ? <PhoneLink key="phone" phone={doctor.phone} withCopy /> : none],
                [t.email, doctor.email ? <MailLink key="email" address={doctor.email} /> : none],
                [t.account, doctor.user?.full_name ?? <span className="muted">{t.noAccount}</span>],
                [t.state, <DoctorState key="state" isActive={doctor.is_active} />],
              ]}
            />
          </Sheet>
        </div>
        <div>
          <Outcomes doctorId={doctor.id} />
          <PersonCases kind="doctors" id={doctor.id} />
        </div>
      </div>
      <Drawer
        open={isEditing}
        size={480}
        title={t.editDoctor}
        destroyOnHidden
        mask={{ closable: false }}
        onClose={close}
      >
        <DoctorForm doctor={doctor} onCancel={close} onDone={close} />
      </Drawer>
    </Page>
  );
}

/** Says what will happen before a doctor is taken off the list. */
function Switching({ doctor }: { doctor: Doctor }) {
  const t = doctorTexts.use();
  const ui = uiTexts.use();
  const { modal, message } = App.useApp();
  const activate = useDoctorChange(doctorCalls.activate);
  const deactivate = useDoctorChange(doctorCalls.deactivate);
  const run = (change: typeof activate, words: string): Promise<void> =>
    change
      .mutateAsync({ id: doctor.id })
      .then(() => void message.success(words))
      .catch((error: unknown) => void message.error(toApiError(error).detail, 6));
  if (!doctor.is_active)
    return (
      <Button loading={activate.isPending} onClick={() => void run(activate, t.activated)}>
        {t.activate}
      </Button>
    );
  return (
    <Button
      danger
      onClick={() => {
        modal.confirm({
          title: t.deactivateTitle(doctor.full_name),
          content: t.deactivateText,
          okText: t.deactivate,
          cancelText: ui.cancel,
          okButtonProps: { danger: true },
          focusable: { autoFocusButton: "cancel" },
          onOk: () => run(deactivate, t.deactivated),
        });
      }}
    >
      {t.deactivate}
    </Button>
  );
}
