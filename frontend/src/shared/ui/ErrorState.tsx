import { DisconnectOutlined, WarningOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { isApiError, networkError, toApiError } from "../api/problem";
import { CopyButton } from "./CopyButton";
import { Forbidden } from "./Forbidden";
import { NotFound } from "./NotFound";
import { StateBlock } from "./StateBlock";
import { uiTexts } from "./texts";

interface Props {
  /** What was thrown; null when there was no answer at all. */
  error: unknown;
  onRetry?: () => void;
}

/** A block in place of content that could not be loaded. 403 and 404 say where to go on. */
export function ErrorState({ error, onRetry }: Props) {
  const t = uiTexts.use();
  const problem = error === null ? networkError() : toApiError(error);
  if (isApiError(error) && error.status === 403) return <Forbidden detail={error.detail} />;
  if (isApiError(error) && error.status === 404) return <NotFound title={error.detail} />;
  const isNetwork = problem.status === 0 && problem.code === "network";
  return (
    <StateBlock
      role="alert"
      icon={isNetwork ? <DisconnectOutlined /> : <WarningOutlined />}
      title={isNetwork ? t.error.network : t.error.title}
      action={
        onRetry ? (
          <Button type="primary" onClick={onRetry}>
            {t.retry}
          </Button>
        ) : null
      }
    >
      <p style={{ margin: 0 }}>{problem.detail}</p>
      <RequestId id={problem.requestId} />
    </StateBlock>
  );
}

/** The number by which support finds this very request in the log. */
export function RequestId({ id }: { id: string | null }) {
  const t = uiTexts.use();
  if (!id) return null;
  return (
    <p className="muted" style={{ margin: "8px 0 0", fontSize: 12 }}>
      {t.error.requestId}: <code>{id}</code> <CopyButton value={id} />
    </p>
  );
}
