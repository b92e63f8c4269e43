import {
  DownOutlined,
  GlobalOutlined,
  KeyOutlined,
  LogoutOutlined,
  SkinOutlined,
  UserOutlined,
} from "@ant-design/icons";
import { App, Avatar, Button, Dropdown, type MenuProps } from "antd";
import { useRouter } from "next/router";
import { useState } from "react";
import { toApiError } from "../api/problem";
import { useVersion } from "../api/version";
import { hasDrafts } from "../drafts";
import {
  locale,
  themeChoice,
  useLocale,
  useThemeChoice,
  type Locale,
  type ThemeChoice,
} from "../preferences";
import { signOut, useMe } from "../session/session";
import { sessionTexts } from "../session/texts";
import styles from "./Frame.module.css";
import { LANGUAGES, layoutTexts } from "./texts";

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word.charAt(0))
    .join("")
    .toUpperCase();

/** Surname and first name; the patronymic stands in the menu. */
const shortName = (name: string): string => name.split(/\s+/).slice(0, 2).join(" ");

export function PersonMenu() {
  const t = layoutTexts.use();
  const roles = sessionTexts.use().roles;
  const me = useMe();
  const router = useRouter();
  const { message, modal } = App.useApp();
  const chosenLanguage = useLocale();
  const chosenTheme = useThemeChoice();
  const [isOpen, setOpen] = useState(false);
  const version = useVersion(isOpen);

  const end = (): void => {
    signOut().catch((error: unknown) => void message.error(toApiError(error).detail));
  };
  const leave = (): void => {
    if (!hasDrafts(me.id)) {
      end();
      return;
    }
    modal.confirm({
      title: t.leaveDrafts.title,
      content: t.leaveDrafts.text,
      okText: t.signOut,
      okButtonProps: { danger: true },
      cancelText: t.leaveDrafts.stay,
      onOk: end,
    });
  };
  const items: MenuProps["items"] = [
    { key: "who", type: "group", label: `${me.full_name} · ${roles[me.role]}` },
    { key: "/profile", icon: <UserOutlined />, label: t.profile },
    { key: "/change-password", icon: <KeyOutlined />, label: t.changePassword },
    { type: "divider" },
    {
      key: "theme",
      icon: <SkinOutlined />,
      label: t.theme,
      children: (["light", "dark", "system"] as const).map((key) => ({
        key: `theme:${key}`,
        label: t.themes[key],
      })),
    },
    {
      key: "language",
      icon: <GlobalOutlined />,
      label: t.language,
      children: (["uk", "en"] as const).map((key) => ({ key: `language:${key}`, label: LANGUAGES[key] })),
    },
    { type: "divider" },
    { key: "leave", icon: <LogoutOutlined />, label: t.signOut },
    ...(version
      ? [
          {
            key: "version",
            type: "group" as const,
            label: <span className={styles.version}>{t.version(version)}</span>,
          },
        ]
      : []),
  ];
  const onClick: MenuProps["onClick"] = ({ key }) => {
    if (key === "leave") leave();
    else if (key.startsWith("theme:")) themeChoice.set(key.slice(6) as ThemeChoice);
    else if (key.startsWith("language:")) locale.set(key.slice(9) as Locale);
    else void router.push(key);
  };

  return (
    <Dropdown
      trigger={["click"]}
      onOpenChange={setOpen}
      menu={{ items, onClick, selectedKeys: [`theme:${chosenTheme}`, `language:${chosenLanguage}`] }}
    >
      <Button type="text" className={styles.person}>
        <span className="visually-hidden">{t.person(me.full_name)}</span>
        <Avatar
          aria-hidden
          size={28}
          style={{ background: "var(--primary-soft)", color: "var(--primary)", fontSize: 12 }}
        >
          {initials(me.full_name)}
        </Avatar>
        <span className={styles.personName} aria-hidden>
          {shortName(me.full_name)}
        </span>
        <DownOutlined aria-hidden style={{ fontSize: 10 }} />
      </Button>
    </Dropdown>
  );
}
