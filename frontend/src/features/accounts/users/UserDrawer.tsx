import { useQuery } from "@tanstack/react-query";
import { Drawer } from "antd";
import { api, ok } from "@/shared/api/client";
import { ErrorState } from "@/shared/ui/ErrorState";
import { CardSkeleton } from "@/shared/ui/skeletons";
import { userTexts } from "./texts";
import type { Temporary } from "./use-user-actions";
import { UserForm } from "./UserForm";

interface Props {
  /** An id, `new`, or empty when closed. */
  user: string;
  onClose: () => void;
  onTemporary: (temporary: Temporary) => void;
}

export function UserDrawer({ user, onClose, onTemporary }: Props) {
  const t = userTexts.use().form;
  const isNew = user === "new";
  const found = useQuery({
    queryKey: ["users", "one", user],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/users/{user_id}", { params: { path: { user_id: user } }, signal })),
    enabled: user !== "" && !isNew,
    // The form below holds what is being typed; a reading in the background must not replace it.
    refetchOnWindowFocus: false,
    staleTime: 0,
  });
  return (
    <Drawer
      open={user !== ""}
      size={480}
      title={isNew ? t.createTitle : (found.data?.full_name ?? t.editTitle)}
      destroyOnHidden
      onClose={onClose}
    >
      {isNew ? <UserForm onDone={onClose} onTemporary={onTemporary} /> : null}
      {!isNew && found.isPending ? <CardSkeleton /> : null}
      {found.isError ? <ErrorState error={found.error} onRetry={() => void found.refetch()} /> : null}
      {found.data && !found.isError ? (
        <UserForm key={found.data.id} user={found.data} onDone={onClose} onTemporary={onTemporary} />
      ) : null}
    </Drawer>
  );
}
