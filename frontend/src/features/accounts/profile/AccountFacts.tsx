import { KeyOutlined } from "@ant-design/icons";
import { formatDateTime } from "@/shared/dates";
import { listText } from "@/shared/list-text";
import { useMe } from "@/shared/session/session";
import { sessionTexts } from "@/shared/session/texts";
import { Facts } from "@/shared/ui/Facts";
import { LinkButton } from "@/shared/ui/LinkButton";
import { profileTexts } from "./texts";

/** What only an administrator changes: username, role, categories; and the way to an own password. */
export function AccountFacts() {
  const t = profileTexts.use();
  const roles = sessionTexts.use().roles;
  const me = useMe();
  const categories = me.category_access.map((category) => category.name);
  return (
    <>
      <Facts
        facts={[
          [t.username, me.username],
          [t.role, roles[me.role]],
          ...(me.role === "EXECUTOR"
            ? [[t.categories, categories.length ? listText(categories) : t.noCategories] as const]
            : []),
          [t.passwordChanged, formatDateTime(me.last_password_change_at)],
        ]}
      />
      <LinkButton href="/change-password" icon={<KeyOutlined />} style={{ marginTop: 14 }}>
        {t.changePassword}
      </LinkButton>
    </>
  );
}
