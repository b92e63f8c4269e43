import { Alert, Button, Space } from "antd";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { LinkButton } from "@/shared/ui/LinkButton";
import { registerTexts } from "./texts";
import type { Registration } from "./use-registration";

/** What is left to say above the button when no field is to blame. Everything typed stays. */
export function RegisterProblem({ registration }: { registration: Registration }) {
  const t = registerTexts.use();
  const { failure, errors, saveAsNew } = registration;
  if (failure?.code === "idempotency_key_reused")
    return (
      <Alert
        type="warning"
        showIcon
        role="alert"
        title={t.keyReused}
        action={
          <Space orientation="vertical">
            <LinkButton href="/cases?scope=mine" target="_blank" size="small">
              {t.toList}
            </LinkButton>
            <Button size="small" onClick={saveAsNew}>
              {t.asNew}
            </Button>
          </Space>
        }
      />
    );
  if (failure?.status === 401) return <Alert type="warning" showIcon role="alert" title={t.expired} />;
  if (failure?.status === 0) return <Alert type="warning" showIcon role="alert" title={t.lostAnswer} />;
  if (failure) return <ErrorNote error={failure} />;
  return Object.values(errors).some(Boolean) ? <Alert type="error" showIcon title={t.fixFields} /> : null;
}
