import { Alert } from "antd";
import { signInTexts } from "./signin/texts";

/** Stands in for the form when it cannot be fetched: a session opened in another tab is this page's too. */
export function SignInElsewhere() {
  const t = signInTexts.use().again;
  return (
    <Alert
      type="warning"
      showIcon
      title={t.elsewhere}
      description={
        <a href="/login" target="_blank" rel="noreferrer" className="in-words">
          {t.otherTab}
        </a>
      }
    />
  );
}
