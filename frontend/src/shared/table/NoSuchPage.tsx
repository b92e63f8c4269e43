import { Button } from "antd";
import { EmptyState } from "../ui/EmptyState";
import { tableTexts } from "./texts";

/** The list has become shorter than the page one stood on. */
export function NoSuchPage({ onFirst }: { onFirst: () => void }) {
  const t = tableTexts.use();
  return (
    <EmptyState
      title={t.beyond}
      action={
        <Button type="primary" onClick={onFirst}>
          {t.toFirst}
        </Button>
      }
    />
  );
}
