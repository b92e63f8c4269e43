import { Button } from "antd";
import dynamic from "next/dynamic";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ErrorState } from "@/shared/ui/ErrorState";
import { Sheet } from "@/shared/ui/Page";
import { ListSkeleton } from "@/shared/ui/skeletons";
import { uiTexts } from "@/shared/ui/texts";
import { counted } from "@/shared/plural";
import { useUrlState } from "@/shared/url-state";
import { useEver } from "@/shared/use-ever";
import { usersView, useUsers, type UsersView } from "./queries";
import { TemporaryPassword } from "./TemporaryPassword";
import { userTexts } from "./texts";
import { useUserActions } from "./use-user-actions";
import { UserFilters } from "./UserFilters";
import { UsersTable } from "./UsersTable";

const UserDrawer = dynamic(() => import("./UserDrawer").then((part) => part.UserDrawer), { ssr: false });
const ApproveDialog = dynamic(() => import("./ApproveDialog").then((part) => part.ApproveDialog), {
  ssr: false,
});

/** The list of people with its filters, side panel and dialogs. */
export function UsersScreen() {
  const t = userTexts.use();
  const ui = uiTexts.use();
  const [view, setView] = useUrlState<UsersView>(usersView);
  const users = useUsers(view);
  const actions = useUserActions((user) => {
    setView({ user: user.id });
  });
  const total = users.data?.total;
  const hasOpened = useEver(view.user !== "");

  return (
    <>
      <UserFilters
        view={view}
        found={total === undefined ? "" : ui.found(counted(total, "users"))}
        onChange={(change) => {
          setView(change, { history: "replace" });
        }}
      />
      <Sheet flush>
        {users.isPending ? <ListSkeleton /> : null}
        {users.isError && !users.data ? (
          <ErrorState error={users.error} onRetry={() => void users.refetch()} />
        ) : null}
        {users.data && total === 0 ? (
          <EmptyState
            title={t.emptyFiltered}
            action={
              <Button
                onClick={() => {
                  setView({ search: "", role: undefined, state: undefined, page: 1 });
                }}
              >
                {t.resetFilters}
              </Button>
            }
          />
        ) : null}
        {users.data && total ? (
          <UsersTable
            users={users.data.users}
            total={total}
            view={view}
            loading={users.isPlaceholderData}
            actions={actions}
            onChange={setView}
          />
        ) : null}
      </Sheet>
      {hasOpened ? (
        <UserDrawer
          user={view.user}
          onTemporary={actions.showTemporary}
          onClose={() => {
            setView({ user: "" }, { history: "replace" });
          }}
        />
      ) : null}
      {actions.approving ? <ApproveDialog user={actions.approving} onClose={actions.closeDialogs} /> : null}
      <TemporaryPassword shown={actions.temporary} onClose={actions.closeDialogs} />
    </>
  );
}
