import type { CaseRow, CaseStatus, DirectoryEntry, UserRef } from "@/shared/api/types";
import { formatDate } from "@/shared/dates";
import { formatPhone } from "@/shared/phone";
import { uiTexts } from "@/shared/ui/texts";
import type { Chip } from "./chips";
import { listTexts } from "./texts";

export interface Names {
  categories: DirectoryEntry[] | undefined;
  channels: DirectoryEntry[] | undefined;
  executors: UserRef[] | undefined;
  /** Rows seen: they name people and entries that no list of ours holds. */
  rows: readonly CaseRow[];
  /** Whom the list is narrowed to; the rows name neither. */
  patient: string | undefined;
  doctor: string | undefined;
}

/** The words of a chip: what is filtered and by which value, never an id. */
export function chipWords(chip: Chip, names: Names): { name: string; value: string } {
  const t = listTexts.now();
  const found = nameOf(chip, names);
  const isYesOrNo = chip.name === "overdue" || chip.name === "stale";
  return { name: isYesOrNo ? t.solely : t.filters[chip.name], value: found };
}

function nameOf({ name, value }: Chip, names: Names): string {
  const { categories, channels, executors, rows } = names;
  const t = listTexts.now();
  switch (name) {
    case "status":
      return uiTexts.now().statuses[value as CaseStatus];
    case "overdue":
    case "stale":
      return t[name][value === "true" ? "yes" : "no"];
    case "category_id":
      return (
        categories?.find(({ id }) => id === value)?.name ??
        rows.find((row) => row.category.id === value)?.category.name ??
        t.chosen
      );
    case "channel_id":
      return (
        channels?.find(({ id }) => id === value)?.name ??
        rows.find((row) => row.channel.id === value)?.channel.name ??
        t.chosen
      );
    case "responsible_id":
      if (value === "me") return t.me;
      if (value === "none") return t.nobody;
      return (
        executors?.find(({ id }) => id === value)?.full_name ??
        rows.find((row) => row.responsible?.id === value)?.responsible?.full_name ??
        t.chosen
      );
    case "author_id":
      return rows.find((row) => row.author.id === value)?.author.full_name ?? t.chosen;
    case "patient_id":
      return names.patient ?? t.chosen;
    case "doctor_id":
      return names.doctor ?? t.chosen;
    case "applicant_phone":
      return formatPhone(value);
    case "date_from":
    case "date_to":
    case "updated_from":
    case "updated_to":
    case "closed_from":
    case "closed_to":
      return formatDate(value);
    default:
      return value;
  }
}
