import {
  AppstoreOutlined,
  AuditOutlined,
  BarChartOutlined,
  BranchesOutlined,
  InboxOutlined,
  MailOutlined,
  MedicineBoxOutlined,
  PlusSquareOutlined,
  SmileOutlined,
  TeamOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";
import type { Me, Permission, Role } from "../api/types";
import { can } from "../session/session";

export type SectionName =
  | "cases"
  | "newCase"
  | "dashboard"
  | "myFigures"
  | "patients"
  | "doctors"
  | "users"
  | "journal"
  | "delivery"
  | "categories"
  | "channels";

export interface Section {
  name: SectionName;
  href: string;
  icon: ReactNode;
  /** Shown to everybody who is signed in when absent. */
  permission?: Permission;
  /** Only for this role, where no right tells it apart. */
  role?: Role;
  /** Starts a group under this heading. */
  group?: "management" | "directories";
}

const ALL: readonly Section[] = [
  { name: "cases", href: "/cases", icon: <InboxOutlined /> },
  { name: "newCase", href: "/cases/new", icon: <PlusSquareOutlined />, permission: "cases.register" },
  { name: "dashboard", href: "/dashboard", icon: <BarChartOutlined />, permission: "insights.read" },
  { name: "myFigures", href: "/dashboard", icon: <BarChartOutlined />, role: "EXECUTOR" },
  { name: "patients", href: "/patients", icon: <SmileOutlined /> },
  { name: "doctors", href: "/doctors", icon: <MedicineBoxOutlined /> },
  {
    name: "users",
    href: "/users",
    icon: <TeamOutlined />,
    permission: "users.manage",
    group: "management",
  },
  { name: "journal", href: "/journal", icon: <AuditOutlined />, permission: "audit.read" },
  { name: "delivery", href: "/delivery", icon: <MailOutlined />, permission: "users.manage" },
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
  ALL.filter(({ permission, role }) => (!permission || can(me, permission)) && (!role || me.role === role));

/** Which section an address belongs to: the longest that fits, so `/cases/new` is not «Звернення». */
export function currentSection(pathname: string, me: Me): Section | undefined {
  return sectionsFor(me)
    .filter(({ href }) => pathname === href || pathname.startsWith(`${href}/`))
    .sort((a, b) => b.href.length - a.href.length)[0];
}
