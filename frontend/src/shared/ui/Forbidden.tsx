import { LockOutlined } from "@ant-design/icons";
import Head from "next/head";
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
      {/* A tab without a name cannot be found again; a screen that was loading has named it already. */}
      {permission ? (
        <Head>
          <title>{`${t.forbidden.title} · ${t.product}`}</title>
        </Head>
      ) : null}
      {/* The server's own refusals say themselves who grants the right. */}
      {permission
        ? `${t.forbidden.need(rights[permission])} ${t.forbidden.ask}`
        : (detail ?? t.forbidden.ask)}
    </StateBlock>
  );
}
