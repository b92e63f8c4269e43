import {
  CheckOutlined,
  DeleteOutlined,
  EditOutlined,
  KeyOutlined,
  PoweroffOutlined,
  StopOutlined,
} from "@ant-design/icons";
import { App, type MenuProps } from "antd";
import dynamic from "next/dynamic";
import { useState } from "react";
import { newIdempotencyKey } from "@/shared/api/idempotency";
import { isApiError, toApiError } from "@/shared/api/problem";
import type { User } from "@/shared/api/types";
import { useMe } from "@/shared/session/session";
import { uiTexts } from "@/shared/ui/texts";
import { calls, useUserChange } from "./queries";
import { userTexts } from "./texts";

// Needed when somebody with open cases leaves, which is not on most days.
const BusyUser = dynamic(() => import("./BusyUser").then((part) => part.BusyUser), { ssr: false });

export interface UserActions {
  approve: (user: User) => void;
  menuFor: (user: User) => NonNullable<MenuProps["items"]>;
  /** The person whose request is being approved. */
  approving: User | null;
  /** A temporary password to show, once. */
  temporary: Temporary | null;
  showTemporary: (temporary: Temporary) => void;
  closeDialogs: () => void;
}

export interface Temporary {
  user: Pick<User, "full_name" | "username">;
  password: string;
}

/** What an administrator can do to a person; each destructive act first says what will happen. */
export function useUserActions(edit: (user: User) => void): UserActions {
  const t = userTexts.use();
  const ui = uiTexts.use();
  const me = useMe();
  const { modal, message } = App.useApp();
  const [approving, setApproving] = useState<User | null>(null);
  const [temporary, setTemporary] = useState<Temporary | null>(null);
  const activate = useUserChange(calls.activate);
  const deactivate = useUserChange(calls.deactivate);
  const resetPassword = useUserChange(calls.resetPassword);
  const remove = useUserChange(calls.remove);

  const fail = (user: User) => (error: unknown) => {
    if (isApiError(error) && error.code === "has_active_cases")
      modal.warning({
        title: t.busy.title,
        width: 520,
        content: <BusyUser user={user} problem={error} />,
        okText: ui.close,
      });
    else void message.error(toApiError(error).detail, 6);
  };
  const ask = (
    title: string,
    content: string,
    okText: string,
    act: () => Promise<unknown>,
    user: User,
  ): void => {
    modal.confirm({
      title,
      content,
      okText,
      cancelText: ui.cancel,
      okButtonProps: { danger: true },
      focusable: { autoFocusButton: "cancel" },
      onOk: () => act().catch(fail(user)),
    });
  };

  const act = {
    deactivate: async (user: User) => {
      await deactivate.mutateAsync({ id: user.id });
      void message.success(t.deactivate.done);
    },
    reset: async (user: User) => {
      const key = newIdempotencyKey();
      const { temp_password: password, message: words } = await resetPassword.mutateAsync({
        id: user.id,
        key,
      });
      // A repeated request is answered without the password: it is shown once only.
      if (password === null) void message.info(words, 6);
      else setTemporary({ user, password });
    },
    remove: async (user: User) => {
      await remove.mutateAsync({ id: user.id });
      void message.success(t.remove.done);
    },
    activate: (user: User) => {
      activate
        .mutateAsync({ id: user.id })
        .then(() => void message.success(t.activated))
        .catch(fail(user));
    },
  };

  const menuFor = (user: User): NonNullable<MenuProps["items"]> => {
    const isMe = user.id === me.id;
    const name = user.full_name;
    return [
      { key: "edit", icon: <EditOutlined />, label: t.actions.edit, onClick: () => edit(user) },
      ...(user.is_active
        ? [
            {
              key: "reset",
              icon: <KeyOutlined />,
              label: t.actions.reset,
              disabled: isMe,
              onClick: () =>
                ask(t.reset.title(name), t.reset.text, t.actions.reset, () => act.reset(user), user),
            },
          ]
        : []),
      { type: "divider" },
      user.is_active
        ? {
            key: "deactivate",
            icon: <StopOutlined />,
            label: t.actions.deactivate,
            danger: true,
            disabled: isMe,
            onClick: () =>
              ask(
                t.deactivate.title(name),
                t.deactivate.text,
                t.actions.deactivate,
                () => act.deactivate(user),
                user,
              ),
          }
        : user.is_pending
          ? {
              key: "approve",
              icon: <CheckOutlined />,
              label: t.actions.approve,
              onClick: () => setApproving(user),
            }
          : {
              key: "activate",
              icon: <PoweroffOutlined />,
              label: t.actions.activate,
              onClick: () => act.activate(user),
            },
      {
        key: "remove",
        icon: <DeleteOutlined />,
        label: t.actions.remove,
        danger: true,
        disabled: isMe,
        onClick: () =>
          ask(t.remove.title(name), t.remove.text, t.actions.remove, () => act.remove(user), user),
      },
    ];
  };

  return {
    approve: setApproving,
    menuFor,
    approving,
    temporary,
    showTemporary: setTemporary,
    closeDialogs: () => {
      setApproving(null);
      setTemporary(null);
    },
  };
}
