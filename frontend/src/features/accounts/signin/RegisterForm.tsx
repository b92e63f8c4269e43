import { CheckCircleOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useState } from "react";
import { api, ok } from "@/shared/api/client";
import { useIdempotencyKey } from "@/shared/api/idempotency";
import type { ApiError } from "@/shared/api/problem";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { showFieldErrors } from "@/shared/ui/form-errors";
import { LinkButton } from "@/shared/ui/LinkButton";
import { StateBlock } from "@/shared/ui/StateBlock";
import { checkPassword, keepsRules, MAX_PASSWORD_LENGTH } from "./password-rules";
import { PasswordRules } from "./PasswordRules";
import { signInTexts } from "./texts";
import { EMAIL_PATTERN, USERNAME_PATTERN } from "../field-rules";

interface Values {
  full_name: string;
  email: string;
  username: string;
  password: string;
}

export function RegisterForm() {
  const texts = signInTexts.use();
  const t = texts.register;
  const [form] = Form.useForm<Values>();
  const [problem, setProblem] = useState<ApiError | null>(null);
  const key = useIdempotencyKey();
  const password = (Form.useWatch("password", form) as string | undefined) ?? "";
  const username = (Form.useWatch("username", form) as string | undefined) ?? "";

  const register = useMutation({
    mutationFn: (body: Values) =>
      ok(api.POST("/auth/register", { body, headers: { "Idempotency-Key": key.current() } })),
    onError: (error) => {
      setProblem(showFieldErrors(form, error));
    },
  });

  if (register.isSuccess)
    return (
      <StateBlock
        icon={<CheckCircleOutlined />}
        title={t.sentTitle}
        role="status"
        action={<LinkButton href="/login">{t.toLogin}</LinkButton>}
      >
        {t.sent}
      </StateBlock>
    );

  const required = { required: true, whitespace: true, message: texts.login.required };
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      onValuesChange={key.renew}
      onFinish={(values) => {
        setProblem(null);
        register.mutate(values);
      }}
    >
      <ErrorNote error={problem} />
      <Form.Item name="full_name" label={t.fullName} rules={[required]}>
        <Input autoComplete="name" maxLength={200} autoFocus />
      </Form.Item>
      <Form.Item
        name="email"
        label={t.email}
        validateTrigger="onBlur"
        rules={[required, { pattern: EMAIL_PATTERN, message: t.emailWrong }]}
      >
        <Input type="email" autoComplete="email" maxLength={254} />
      </Form.Item>
      <Form.Item
        name="username"
        label={texts.login.username}
        extra={t.usernameHint}
        validateTrigger="onBlur"
        rules={[required, { pattern: USERNAME_PATTERN, message: t.usernameWrong }]}
      >
        <Input autoComplete="username" autoCapitalize="none" spellCheck={false} maxLength={50} />
      </Form.Item>
      <Form.Item
        name="password"
        label={texts.login.password}
        validateTrigger="onSubmit"
        rules={[
          required,
          {
            validator: (_, value?: string) =>
              !value || keepsRules(checkPassword(value, { username }))
                ? Promise.resolve()
                : Promise.reject(new Error(texts.change.rulesTitle)),
          },
        ]}
      >
        <Input.Password
          autoComplete="new-password"
          maxLength={MAX_PASSWORD_LENGTH}
          aria-describedby="password-rules"
        />
      </Form.Item>
      <PasswordRules result={checkPassword(password, { username })} />
      <Button type="primary" size="large" htmlType="submit" block loading={register.isPending}>
        {t.submit}
      </Button>
    </Form>
  );
}
