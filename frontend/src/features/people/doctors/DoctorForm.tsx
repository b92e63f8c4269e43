import { Alert, App, AutoComplete, Button, Form, Input, Select, Space } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ok } from "@/shared/api/client";
import { useIdempotencyKey } from "@/shared/api/idempotency";
import { toApiError, type ApiError } from "@/shared/api/problem";
import { fit } from "@/shared/match";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { showFieldErrors } from "@/shared/ui/form-errors";
import { uiTexts } from "@/shared/ui/texts";
import { doctorCalls, useDepartments, useDoctorChange } from "../doctor-queries";
import { emailRule, phoneRule } from "../patients/GuardianFields";
import type { Doctor, DoctorPatch } from "../queries";
import { peopleTexts } from "../texts";
import { doctorTexts } from "./texts";

interface DoctorValues {
  full_name: string;
  specialty: string;
  department: string;
  phone: string;
  email: string;
  user_id: string | null;
}

interface Props {
  /** Absent for a new one. */
  doctor?: Doctor;
  onDone: (doctor: Doctor) => void;
  onCancel: () => void;
}

const valuesOf = (doctor?: Doctor): DoctorValues => ({
  full_name: doctor?.full_name ?? "",
  specialty: doctor?.specialty ?? "",
  department: doctor?.department ?? "",
  phone: doctor?.phone ?? "",
  email: doctor?.email ?? "",
  user_id: doctor?.user?.id ?? null,
});

const bodyOf = (values: DoctorValues) => ({
  full_name: values.full_name.trim(),
  specialty: values.specialty.trim(),
  department: values.department.trim(),
  phone: values.phone.trim() || null,
  email: values.email.trim() || null,
  user_id: values.user_id ?? null,
});

const patchOf = (before: DoctorValues, mine: DoctorValues): DoctorPatch => {
  const old = bodyOf(before) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(bodyOf(mine)).filter(([name, value]) => value !== old[name]),
  ) as unknown as DoctorPatch;
};

export function DoctorForm({ doctor, onDone, onCancel }: Props) {
  const t = doctorTexts.use();
  const rules = peopleTexts.use();
  const ui = uiTexts.use();
  const { message } = App.useApp();
  const [form] = Form.useForm<DoctorValues>();
  const [problem, setProblem] = useState<ApiError | null>(null);
  const [version, setVersion] = useState(doctor?.version ?? 0);
  const [isStale, setIsStale] = useState(false);
  const key = useIdempotencyKey();
  const create = useDoctorChange(doctorCalls.create);
  const edit = useDoctorChange(doctorCalls.edit);
  const { data: lists } = useDepartments();
  const { data: users } = useQuery({
    queryKey: ["users", "for-doctors"],
    queryFn: () => ok(api.GET("/api/users", { params: { query: { is_active: true, page_size: 100 } } })),
  });
  const required = { required: true, whitespace: true, message: rules.required };
  const people = (users?.users ?? []).map((user) => ({ value: user.id, label: user.full_name }));
  if (doctor?.user && !people.some(({ value }) => value === doctor.user?.id))
    people.unshift({ value: doctor.user.id, label: doctor.user.full_name });

  const fail = (thrown: unknown): void => {
    const error = toApiError(thrown);
    if (error.status !== 412 || !doctor) {
      setProblem(showFieldErrors(form, error));
      return;
    }
    setIsStale(true);
    ok(api.GET("/api/doctors/{doctor_id}", { params: { path: { doctor_id: doctor.id } } }))
      .then((newest) => setVersion(newest.version))
      .catch((again: unknown) => setProblem(toApiError(again)));
  };
  const done = (words: string) => (saved: Doctor) => {
    void message.success(words);
    onDone(saved);
  };
  const save = (values: DoctorValues): void => {
    setProblem(null);
    if (!doctor) {
      create
        .mutateAsync({ body: bodyOf(values), key: key.current() })
        .then(done(t.created))
        .catch(fail);
      return;
    }
    const body = patchOf(valuesOf(doctor), values);
    if (Object.keys(body).length === 0) onDone(doctor);
    else edit.mutateAsync({ id: doctor.id, version, body }).then(done(t.saved)).catch(fail);
  };
  const typed = (options: string[] | undefined) => ({
    options: (options ?? []).map((value) => ({ value })),
    maxLength: 100,
    showSearch: {
      filterOption: (words: string, option?: { value: string }) => fit(option?.value ?? "", words) > 0,
    },
  });

  return (
    <Form<DoctorValues>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={valuesOf(doctor)}
      onValuesChange={key.renew}
      onFinish={save}
    >
      <ErrorNote error={problem} />
      {isStale ? (
        <Alert type="warning" showIcon role="alert" title={t.stale} style={{ marginBottom: 16 }} />
      ) : null}
      <Form.Item name="full_name" label={t.fullName} rules={[required]}>
        <Input maxLength={200} autoFocus={!doctor} autoComplete="off" />
      </Form.Item>
      <Form.Item name="specialty" label={t.specialty} rules={[required]}>
        <AutoComplete {...typed(lists?.specialties)} />
      </Form.Item>
      <Form.Item name="department" label={t.department} rules={[required]}>
        <AutoComplete {...typed(lists?.departments)} />
      </Form.Item>
      <Form.Item name="phone" label={t.phone} validateTrigger="onBlur" rules={[phoneRule(rules.phoneShort)]}>
        <Input type="tel" maxLength={50} autoComplete="off" className="numbers" />
      </Form.Item>
      <Form.Item name="email" label={t.email} validateTrigger="onBlur" rules={[emailRule(rules.emailWrong)]}>
        <Input type="email" maxLength={254} autoComplete="off" />
      </Form.Item>
      <Form.Item name="user_id" label={t.account} extra={t.accountHint}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          options={people}
          placeholder={t.noAccount}
        />
      </Form.Item>
      <Space>
        <Button type="primary" htmlType="submit" loading={create.isPending || edit.isPending}>
          {doctor ? ui.save : t.create}
        </Button>
        <Button onClick={onCancel}>{ui.cancel}</Button>
      </Space>
    </Form>
  );
}
