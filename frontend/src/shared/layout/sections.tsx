import {
  AppstoreOutlined,
  BranchesOutlined,
  InboxOutlined,
  PlusSquareOutlined,
  TeamOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";
import type { Me, Permission } from "../api/types";
import { can } from "../session/session";

type SectionName = "cases" | "newCase" | "users" | "categories" | "channels";

export interface Section {
  name: SectionName;
  href: string;
  icon: ReactNode;
  /** Shown to everybody who is signed in when absent. */
  permission?: Permission;
  /** Starts a group under this heading. */
  group?: "directories";
}

const ALL: readonly Section[] = [
  { name: "cases", href: "/cases", icon: <InboxOutlined /> },
  { name: "newCase", href: "/cases/new", icon: <PlusSquareOutlined />, permission: "cases.register" },
  { name: "users", href: "/users", icon: <TeamOutlined />, permission: "users.manage" },
  {
    name: "categories",
    href: "/categories",
    icon: <AppstoreOutlined />,
    permission: "directories.manage",
    group: "directories",
  },
  { name: "channels", href: "/channels", icon: <BranchesOutlined />, permission: "directories.manage" },
];

export const sectionsFor = (me: Me): Section[] =>
  ALL.filter((section) => !section.permission || can(me, section.permission));

/** Which section an address belongs to: the longest that fits, so `/cases/new` is not «Звернення». */
export function currentSection(pathname: string): Section | undefined {
  return ALL.filter(({ href }) => pathname === href || pathname.startsWith(`${href}/`)).sort(
    (a, b) => b.href.length - a.href.length,
  )[0];
}
