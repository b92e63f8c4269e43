import { Alert } from "antd";
import { toApiError } from "../api/problem";
import { RequestId } from "./ErrorState";

/** A failure told in place, above the button that was pressed; what was typed stays. Nothing when there is none. */
export function ErrorNote({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  const problem = toApiError(error);
  const isServers = problem.status >= 500 || problem.status === 0;
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      style={{ marginBottom: 16 }}
      title={problem.detail}
      description={isServers && problem.requestId ? <RequestId id={problem.requestId} /> : undefined}
    />
  );
}
