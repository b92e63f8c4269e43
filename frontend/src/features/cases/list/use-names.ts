import { useDoctor } from "@/features/people/doctor-queries";
import { usePatientName } from "@/features/people/queries";
import type { CaseRow, Me } from "@/shared/api/types";
import { useAssignees, useCategories, useChannels } from "../api/directories";
import type { Names } from "./chip-words";
import type { ListState } from "./filters";

/** Names for the values the list is narrowed by. A patient is only named, which is no look at the card. */
export function useNames(state: ListState, me: Me, rows: readonly CaseRow[]): Names {
  return {
    categories: useCategories(),
    channels: useChannels(),
    executors: useAssignees(me.role === "ADMIN"),
    patient: usePatientName(state.patient_id).data,
    doctor: useDoctor(state.doctor_id).data?.full_name,
    rows,
  };
}
