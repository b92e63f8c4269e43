import { App, Button, Form, Input, Radio, Select, Space } from "antd";
import { useState } from "react";
import { useCategories } from "@/features/catalog/queries";
import { useIdempotencyKey } from "@/shared/api/idempotency";
import { isApiError, type ApiError } from "@/shared/api/problem";
import type { Role, User } from "@/shared/api/types";
import { useMe } from "@/shared/session/session";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { showFieldErrors } from "@/shared/ui/form-errors";
import { uiTexts } from "@/shared/ui/texts";
import { EMAIL_PATTERN, USERNAME_PATTERN } from "../field-rules";
import { signInTexts } from "../signin/texts";
import { BusyUser } from "./BusyUser";
import { useUserChange } from "./queries";
import { RoleChoice } from "./RoleChoice";
import { createUser, updateUser, type UserValues } from "./save-user";
import { userTexts } from "./texts";
import type { Temporary } from "./use-user-actions";

interface Props {
  /** Absent for a new account. */
  user?: User;
  onDone: () => void;
  onTemporary: (temporary: Temporary) => void;
}

export function UserForm({ user, onDone, onTemporary }: Props) {
  const t = userTexts.use();
  const ui = uiTexts.use();
  const signIn = signInTexts.use();
  const me = useMe();
  const { message, modal } = App.useApp();
  const [form] = Form.useForm<UserValues>();
  const [problem, setProblem] = useState<ApiError | null>(null);
  const key = useIdempotencyKey();
  const role = Form.useWatch("role", form) as Role | undefined;
  const ownPassword = Form.useWatch("own_password", form) as boolean | undefined;
  const categories = useCategories({ includeInactive: true });
  const create = useUserChange(createUser);
  const update = useUserChange(updateUser);
  const isMe = user?.id === me.id;

  const fail = (error: unknown): void => {
    if (user && isApiError(error) && error.code === "has_active_cases")
      modal.warning({
        title: t.busy.title,
        width: 520,
        content: <BusyUser user={user} problem={error} />,
        okText: ui.close,
      });
    else setProblem(showFieldErrors(form, error, { executor_category_ids: "category_ids" }));
  };
  const save = (values: UserValues): void => {
    setProblem(null);
    if (user) {
      update
        .mutateAsync({ user, values })
        .then(() => {
          void message.success(t.form.saved);
          onDone();
        })
        .catch(fail);
      return;
    }
    create
      .mutateAsync({ values, key: key.current() })
      .then((created) => {
        onDone();
        if (created.temp_password) onTemporary({ user: created, password: created.temp_password });
      })
      .catch(fail);
  };

  const required = { required: true, message: signIn.login.required };
  const chosen = new Set(user?.category_access.map((category) => category.id));
  const options = (categories.data?.categories ?? [])
    .filter((category) => category.is_active || chosen.has(category.id))
    .map((category) => ({ value: category.id, label: category.name }));

  return (
    <Form<UserValues>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{
        role: "OPERATOR",
        own_password: false,
        ...user,
        category_ids: user?.category_access.map((category) => category.id) ?? [],
      }}
      onValuesChange={key.renew}
      onFinish={save}
    >
      <ErrorNote error={problem} />
      <Form.Item name="full_name" label={t.form.fullName} rules={[{ ...required, whitespace: true }]}>
        <Input maxLength={200} autoFocus={!user} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="username"
        label={t.form.username}
        extra={user ? t.form.usernameFixed : signIn.register.usernameHint}
        validateTrigger="onBlur"
        rules={user ? [] : [required, { pattern: USERNAME_PATTERN, message: signIn.register.usernameWrong }]}
      >
        <Input maxLength={50} disabled={user !== undefined} autoComplete="off" spellCheck={false} />
      </Form.Item>
      <Form.Item
        name="email"
        label={t.form.email}
        extra={isMe ? t.form.ownEmail : undefined}
        validateTrigger="onBlur"
        rules={[required, { pattern: EMAIL_PATTERN, message: signIn.register.emailWrong }]}
      >
        <Input type="email" maxLength={254} disabled={isMe} autoComplete="off" />
      </Form.Item>
      <Form.Item name="role" label={t.form.role}>
        <RoleChoice disabled={isMe} />
      </Form.Item>
      {role === "EXECUTOR" ? (
        <Form.Item name="category_ids" label={t.form.categories} extra={t.form.categoriesHint}>
          <Select
            mode="multiple"
            options={options}
            loading={categories.isPending}
            showSearch={{ optionFilterProp: "label" }}
            placeholder={t.form.noCategories}
          />
        </Form.Item>
      ) : null}
      {user ? null : (
        <>
          <Form.Item
            name="own_password"
            label={t.form.password}
            extra={ownPassword ? undefined : t.form.passwordHint}
          >
            <Radio.Group
              options={[
                { value: false, label: t.form.generated },
                { value: true, label: t.form.own },
              ]}
            />
          </Form.Item>
          {ownPassword ? (
            <Form.Item name="password" label={signIn.login.password} rules={[required]}>
              <Input.Password maxLength={128} autoComplete="new-password" />
            </Form.Item>
          ) : null}
        </>
      )}
      <Space>
        <Button type="primary" htmlType="submit" loading={create.isPending || update.isPending}>
          {user ? ui.save : t.form.create}
        </Button>
        <Button onClick={onDone}>{ui.cancel}</Button>
      </Space>
    </Form>
  );
}
