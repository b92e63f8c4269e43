import { useDoctor } from "@/features/people/doctor-queries";
import { usePatient } from "@/features/people/queries";
import type { CaseRow, Me } from "@/shared/api/types";
import { useAssignees, useCategories, useChannels } from "../api/directories";
import type { Names } from "./chip-words";
import type { ListState } from "./filters";

/**
 * Names for the values the list is narrowed by. The patient's comes from the card one was on; without it the card is
 * read, which the journal notes: to learn whose cases these are is to look at the patient.
 */
export function useNames(state: ListState, me: Me, rows: readonly CaseRow[]): Names {
  return {
    categories: useCategories(),
    channels: useChannels(),
    executors: useAssignees(me.role === "ADMIN"),
    patient: usePatient(state.patient_id).data?.full_name,
    doctor: useDoctor(state.doctor_id).data?.full_name,
    rows,
  };
}
