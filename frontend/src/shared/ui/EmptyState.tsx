import { InboxOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";
import { StateBlock } from "./StateBlock";

interface Props {
  /** Why there is nothing: «За цими фільтрами звернень немає». */
  title: string;
  children?: ReactNode;
  /** The one button that helps. */
  action?: ReactNode;
  icon?: ReactNode;
}

export function EmptyState({ title, children, action, icon = <InboxOutlined /> }: Props) {
  return (
    <StateBlock icon={icon} title={title} action={action} role="status">
      {children}
    </StateBlock>
  );
}
