import { LockOutlined } from "@ant-design/icons";
import type { Permission } from "../api/types";
import { sessionTexts } from "../session/texts";
import { LinkButton } from "./LinkButton";
import { StateBlock } from "./StateBlock";
import { uiTexts } from "./texts";

/** Says which right is missing and who grants it. */
export function Forbidden({ permission, detail }: { permission?: Permission; detail?: string }) {
  const t = uiTexts.use();
  const rights = sessionTexts.use().rights;
  return (
    <StateBlock
      icon={<LockOutlined />}
      title={t.forbidden.title}
      role="alert"
      heading={permission ? "h1" : "h2"}
      action={
        <LinkButton type="primary" href="/cases">
          {t.forbidden.toCases}
        </LinkButton>
      }
    >
      {permission ? t.forbidden.need(rights[permission]) : detail} {t.forbidden.ask}
    </StateBlock>
  );
}
