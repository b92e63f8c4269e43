import { useMutation } from "@tanstack/react-query";
import { App, Button, Form, Input } from "antd";
import { useState } from "react";
import { api, ok } from "@/shared/api/client";
import { isApiError, type ApiError } from "@/shared/api/problem";
import { useMe, useRefreshMe } from "@/shared/session/session";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { showFieldErrors } from "@/shared/ui/form-errors";
import { uiTexts } from "@/shared/ui/texts";
import { EMAIL_PATTERN } from "../field-rules";
import { signInTexts } from "../signin/texts";
import { profileTexts } from "./texts";

interface Values {
  full_name: string;
  email: string;
  current_password?: string;
}

export function OwnDataForm() {
  const t = profileTexts.use();
  const signIn = signInTexts.use();
  const ui = uiTexts.use();
  const me = useMe();
  const refreshMe = useRefreshMe();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const [problem, setProblem] = useState<ApiError | null>(null);
  const email = Form.useWatch("email", form) as string | undefined;
  const changesEmail = email !== undefined && email.trim() !== me.email;

  const save = useMutation({
    mutationFn: ({ full_name, email: address, current_password }: Values) =>
      ok(
        api.PATCH("/api/users/{user_id}", {
          params: { path: { user_id: me.id } },
          headers: { "If-Match": `"${me.version.toString()}"` },
          body: { full_name, ...(changesEmail ? { email: address.trim(), current_password } : {}) },
        }),
      ),
    onSuccess: () => {
      setProblem(null);
      form.resetFields(["current_password"]);
      void message.success(t.saved);
      void refreshMe();
    },
    onError: (error) => {
      if (isApiError(error) && error.code === "wrong_current_password") {
        form.setFields([{ name: "current_password", errors: [error.detail] }]);
        setProblem(null);
      } else setProblem(showFieldErrors(form, error));
    },
  });

  const required = { required: true, whitespace: true, message: signIn.login.required };
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      style={{ maxWidth: 460 }}
      initialValues={{ full_name: me.full_name, email: me.email }}
      onFinish={(values) => {
        save.mutate(values);
      }}
    >
      <ErrorNote error={problem} />
      <Form.Item name="full_name" label={t.fullName} rules={[required]}>
        <Input maxLength={200} autoComplete="name" />
      </Form.Item>
      <Form.Item
        name="email"
        label={t.email}
        validateTrigger="onBlur"
        rules={[required, { pattern: EMAIL_PATTERN, message: signIn.register.emailWrong }]}
      >
        <Input type="email" maxLength={254} autoComplete="email" />
      </Form.Item>
      {changesEmail ? (
        <Form.Item
          name="current_password"
          label={t.emailPassword}
          extra={t.emailPasswordHint}
          rules={[{ required: true, message: signIn.login.required }]}
        >
          <Input.Password maxLength={128} autoComplete="current-password" />
        </Form.Item>
      ) : null}
      <Button type="primary" htmlType="submit" loading={save.isPending}>
        {ui.save}
      </Button>
    </Form>
  );
}
