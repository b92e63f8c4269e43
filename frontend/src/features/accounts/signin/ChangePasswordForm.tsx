import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useState } from "react";
import { api, ok } from "@/shared/api/client";
import { isApiError, type ApiError } from "@/shared/api/problem";
import { useMe } from "@/shared/session/session";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { showFieldErrors } from "@/shared/ui/form-errors";
import { checkPassword, keepsRules, MAX_PASSWORD_LENGTH } from "./password-rules";
import { PasswordRules } from "./PasswordRules";
import { signInTexts } from "./texts";

interface Values {
  current_password: string;
  new_password: string;
  confirm_password: string;
}

export function ChangePasswordForm({ onChanged }: { onChanged: () => void }) {
  const texts = signInTexts.use();
  const t = texts.change;
  const me = useMe();
  const [form] = Form.useForm<Values>();
  const [problem, setProblem] = useState<ApiError | null>(null);
  const current = (Form.useWatch("current_password", form) as string | undefined) ?? "";
  const next = (Form.useWatch("new_password", form) as string | undefined) ?? "";
  const rules = checkPassword(next, { username: me.username, current });

  const change = useMutation({
    mutationFn: (body: Values) => ok(api.POST("/auth/change-password", { body })),
    onSuccess: onChanged,
    onError: (error) => {
      if (isApiError(error) && error.code === "wrong_current_password") {
        form.setFields([{ name: "current_password", errors: [error.detail] }]);
        form.focusField("current_password");
        setProblem(null);
      } else setProblem(showFieldErrors(form, error));
    },
  });

  const required = { required: true, message: texts.login.required };
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={(values) => change.mutate(values)}>
      <ErrorNote error={problem} />
      {/* Password managers need to know whose password changes. */}
      <input type="text" name="username" autoComplete="username" value={me.username} readOnly hidden />
      <Form.Item
        name="current_password"
        label={me.must_change_password ? t.currentTemporary : t.current}
        rules={[required]}
      >
        <Input.Password autoComplete="current-password" maxLength={MAX_PASSWORD_LENGTH} autoFocus />
      </Form.Item>
      <Form.Item
        name="new_password"
        label={t.next}
        validateTrigger="onSubmit"
        rules={[
          required,
          {
            validator: (_, value?: string) =>
              !value ||
              keepsRules(
                checkPassword(value, { username: me.username, current: valueOf("current_password") }),
              )
                ? Promise.resolve()
                : Promise.reject(new Error(t.rulesTitle)),
          },
        ]}
      >
        <Input.Password
          autoComplete="new-password"
          maxLength={MAX_PASSWORD_LENGTH}
          aria-describedby="password-rules"
        />
      </Form.Item>
      <PasswordRules result={rules} />
      <Form.Item
        name="confirm_password"
        label={t.confirm}
        dependencies={["new_password"]}
        validateTrigger="onBlur"
        rules={[
          required,
          {
            validator: (_, value?: string) =>
              !value || value === valueOf("new_password")
                ? Promise.resolve()
                : Promise.reject(new Error(t.mismatch)),
          },
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={MAX_PASSWORD_LENGTH} />
      </Form.Item>
      <Button type="primary" htmlType="submit" size="large" block loading={change.isPending}>
        {t.submit}
      </Button>
    </Form>
  );

  function valueOf(name: keyof Values): string {
    return (form.getFieldValue(name) as string | undefined) ?? "";
  }
}
