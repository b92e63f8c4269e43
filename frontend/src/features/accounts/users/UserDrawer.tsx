import { useQuery } from "@tanstack/react-query";
import { Drawer } from "antd";
import { useState } from "react";
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

export function UserDrawer({ user: opened, onClose, onTemporary }: Props) {
  const t = userTexts.use().form;
  // While the panel slides away it still shows whom it was about.
  const [user, setUser] = useState(opened);
  if (opened !== "" && opened !== user) setUser(opened);
  const done = { onDone: onClose, onTemporary };
  return (
    <Drawer
      open={opened !== ""}
      size={480}
      title={user === "new" ? t.createTitle : t.editTitle}
      destroyOnHidden
      onClose={onClose}
    >
      {user === "new" ? <UserForm {...done} /> : <ExistingUser id={user} {...done} />}
    </Drawer>
  );
}

type ExistingProps = Omit<Props, "user" | "onClose"> & { id: string; onDone: () => void };

function ExistingUser({ id, ...done }: ExistingProps) {
  const found = useQuery({
    queryKey: ["users", "one", id],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/users/{user_id}", { params: { path: { user_id: id } }, signal })),
    // Every opening reads anew: the form is filled once, and must not be filled with yesterday's data.
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  if (found.isPending) return <CardSkeleton />;
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  return <UserForm key={found.data.id} user={found.data} {...done} />;
}
