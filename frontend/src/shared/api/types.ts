import type { components } from "./schema.gen";

type Schemas = components["schemas"];

export type Role = User["role"];
export type CaseStatus = CaseRow["status"];
export type CaseAction = CaseCard["allowed_actions"][number];

export type Ref = Schemas["Ref"];
export type UserRef = Schemas["UserRef"];
export type User = Schemas["UserOut"];
export type UserCreated = Schemas["CreatedUser"];
export type Me = Schemas["Me"];
export type Session = Schemas["SessionOut"];
export type DirectoryEntry = Schemas["EntryOut"];
export type Subcategory = Schemas["SubcategoryOut"];
export type CaseRow = Schemas["ListedCase"];
export type Highlight = Schemas["Highlight"];
export type CaseList = Schemas["CasePage"];
export type CaseCard = Schemas["CaseCard"];
export type Comment = Schemas["CommentOut"];
export type Attachment = Schemas["AttachmentOut"];
export type TimelineEntry = Schemas["TimelineEntry"];

export const ROLES: readonly Role[] = ["OPERATOR", "EXECUTOR", "ADMIN"];
export const CASE_STATUSES: readonly CaseStatus[] = ["NEW", "IN_PROGRESS", "NEEDS_INFO", "REJECTED", "DONE"];

export type Permission =
  | "cases.register"
  | "cases.see_own"
  | "cases.see_category"
  | "cases.see_all"
  | "users.manage"
  | "directories.manage"
  | "audit.read"
  | "insights.read";
