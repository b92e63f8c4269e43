import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Input } from "antd";
import { formatCountdown } from "@/shared/dates";
import { isApiError } from "@/shared/api/problem";
import type { Me } from "@/shared/api/types";
import { signIn } from "@/shared/session/session";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { useCapsLock } from "@/shared/use-caps-lock";
import { useCountdown } from "@/shared/use-countdown";
import { signInTexts } from "./texts";

interface Values {
  username: string;
  password: string;
}

interface Props {
  /** Set when only this person may go on (the session of an open page is over). */
  username?: string;
  onSignedIn: (me: Me) => void;
}

export function LoginForm({ username, onSignedIn }: Props) {
  const t = signInTexts.use().login;
  const client = useQueryClient();
  const capsLock = useCapsLock();
  const pause = useCountdown();
  const [form] = Form.useForm<Values>();

  const login = useMutation({
    mutationFn: (values: Values) => signIn(client, values.username.trim(), values.password),
    onSuccess: onSignedIn,
    onError: (error) => {
      if (isApiError(error) && error.status === 429) pause.start(error.retryAfter ?? 30);
      form.setFieldValue("password", "");
      form.focusField(username ? "password" : "password");
    },
  });
  const isPaused = pause.left > 0;
  const isWrong = isApiError(login.error) && login.error.status === 401;
  const isThrottled = isApiError(login.error) && login.error.status === 429;

  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ username: username ?? "", password: "" }}
      onFinish={(values) => {
        login.mutate(values);
      }}
    >
      <div aria-live="polite">
        {isPaused ? (
          <Alert
            type="warning"
            showIcon
            style={{ marginBottom: 16 }}
            title={t.throttled(formatCountdown(pause.left))}
          />
        ) : null}
        {isWrong ? <Alert type="error" showIcon style={{ marginBottom: 16 }} title={t.failed} /> : null}
        {isWrong || isThrottled ? null : <ErrorNote error={login.error} />}
      </div>
      <Form.Item
        name="username"
        label={t.username}
        rules={[{ required: true, whitespace: true, message: t.required }]}
      >
        <Input
          size="large"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={254}
          readOnly={username !== undefined}
          autoFocus={username === undefined}
        />
      </Form.Item>
      <Form.Item
        name="password"
        label={t.password}
        extra={capsLock ? <span role="status">⇪ {t.capsLock}</span> : null}
        rules={[{ required: true, message: t.required }]}
      >
        <Input.Password
          size="large"
          autoComplete="current-password"
          maxLength={128}
          autoFocus={username !== undefined}
        />
      </Form.Item>
      <Button
        type="primary"
        size="large"
        htmlType="submit"
        block
        loading={login.isPending}
        disabled={isPaused}
      >
        {t.submit}
      </Button>
    </Form>
  );
}
