import { Alert, Button } from "antd";
import { toApiError } from "@/shared/api/problem";
import { uiTexts } from "@/shared/ui/texts";
import { useDirectoryTrouble } from "../api/directories";
import { registerTexts } from "./texts";

/** Without categories nothing can be registered: says why there are none and asks again, the typed words untouched. */
export function NoDirectories() {
  const t = registerTexts.use();
  const ui = uiTexts.use();
  const trouble = useDirectoryTrouble();
  if (!trouble) return null;
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      style={{ marginBottom: 16 }}
      title={t.noDirectories}
      description={toApiError(trouble.error).detail}
      action={
        <Button size="small" onClick={trouble.retry}>
          {ui.retry}
        </Button>
      }
    />
  );
}
