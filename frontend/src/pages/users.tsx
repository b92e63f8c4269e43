import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { usersView, type UsersView } from "@/features/accounts/users/queries";
import { userTexts } from "@/features/accounts/users/texts";
import { UsersScreen } from "@/features/accounts/users/UsersScreen";
import type { DeskPage } from "@/shared/session/access-rule";
import { Page } from "@/shared/ui/Page";
import { useUrlState } from "@/shared/url-state";

const UsersPage: DeskPage = () => {
  const t = userTexts.use();
  const [, setView] = useUrlState<UsersView>(usersView);
  return (
    <Page
      title={t.title}
      actions={
        <Button
          icon={<PlusOutlined />}
          onClick={() => {
            setView({ user: "new" });
          }}
        >
          {t.add}
        </Button>
      }
    >
      <UsersScreen />
    </Page>
  );
};

UsersPage.access = { permission: "users.manage" };
export default UsersPage;
