import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ok } from "@/shared/api/client";
import type { components } from "@/shared/api/schema.gen";
import * as url from "@/shared/url-state";

type Schemas = components["schemas"];

export type Patient = Schemas["PatientOut"];
export type PatientRow = Schemas["PatientRow"];
export type PatientIn = Schemas["PatientIn"];
export type PatientPatch = Schemas["PatientPatch"];
export type Guardian = Schemas["GuardianOut"];
export type Merged = Schemas["MergedOut"];
export type Doctor = Schemas["DoctorOut"];
export type DoctorIn = Schemas["DoctorIn"];
export type DoctorPatch = Schemas["DoctorPatch"];
export type DoctorStatistics = Schemas["DoctorStatistics"];
export type Lookup = Schemas["Lookup"];
export type PossiblePatient = Schemas["PossiblePatient"];
export type PossibleApplicant = Schemas["PossibleApplicant"];

export const peopleKeys = {
  patients: ["patients"] as const,
  patient: (id: string) => ["patients", "one", id] as const,
  patientName: (id: string) => ["patients", "name", id] as const,
  doctors: ["doctors"] as const,
  doctor: (id: string) => ["doctors", "one", id] as const,
};

export const PAGE_SIZE = 20;

/** The list's conditions, as they stand in the address. */
export interface PatientsView {
  search: string;
  page: number;
  order: string;
  /** `new` while the panel for a new card is open. */
  panel: string;
}

export const patientsView = {
  search: url.text(),
  page: url.count(1),
  order: url.text("full_name"),
  panel: url.text(),
};

type PatientOrder = "full_name" | "-full_name" | "created_at" | "-created_at";

export function usePatients({ search, page, order }: Omit<PatientsView, "panel">, enabled = true) {
  const query = {
    page,
    page_size: PAGE_SIZE,
    order_by: order as PatientOrder,
    ...(search ? { search } : {}),
  };
  return useQuery({
    queryKey: [...peopleKeys.patients, "list", query],
    queryFn: ({ signal }) => ok(api.GET("/api/patients", { params: { query }, signal })),
    placeholderData: keepPreviousData,
    enabled,
  });
}

const patientPath = (patient_id: string) => ({ params: { path: { patient_id } } });

export const readPatient = (id: string, signal?: AbortSignal): Promise<Patient> =>
  ok(api.GET("/api/patients/{patient_id}", { ...patientPath(id), signal: signal ?? null }));

/** A card. Each look is written into the journal, so it is read once a visit and not by itself again. */
export function usePatient(id: string) {
  return useQuery({
    queryKey: peopleKeys.patient(id),
    queryFn: ({ signal }) => readPatient(id, signal),
    enabled: id !== "",
    staleTime: 5 * 60_000,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** Whose card it is, without a look at it: nothing goes into the journal, and the card is still read when it is opened. */
export function usePatientName(id: string) {
  const client = useQueryClient();
  return useQuery({
    queryKey: peopleKeys.patientName(id),
    queryFn: ({ signal }) =>
      ok(api.GET("/api/patients/{patient_id}/name", { ...patientPath(id), signal })).then(
        (found) => found.full_name,
      ),
    initialData: () => client.getQueryData<Patient>(peopleKeys.patient(id))?.full_name,
    enabled: id !== "",
    staleTime: 5 * 60_000,
  });
}

export const versioned = (version: number) => ({ "if-match": `"${version.toString()}"` });

export const patientCalls = {
  create: ({ body, key }: { body: PatientIn; key: string }): Promise<Patient> =>
    ok(api.POST("/api/patients", { body, headers: { "Idempotency-Key": key } })),
  edit: ({ id, version, body }: { id: string; version: number; body: PatientPatch }): Promise<Patient> =>
    ok(
      api.PATCH("/api/patients/{patient_id}", {
        params: { path: { patient_id: id }, header: versioned(version) },
        body,
      }),
    ),
  merge: ({ id, into }: { id: string; into: string }): Promise<Patient> =>
    ok(api.POST("/api/patients/{patient_id}/merge", { ...patientPath(id), body: { into_id: into } })),
  unmerge: ({ id }: { id: string }): Promise<Patient> =>
    ok(api.POST("/api/patients/{patient_id}/unmerge", patientPath(id))),
  anonymise: ({ id }: { id: string }): Promise<Patient> =>
    ok(api.POST("/api/patients/{patient_id}/anonymise", patientPath(id))),
};

/** Runs one change to patients; the answered card is shown at once, lists and lookups are asked anew. */
export function usePatientChange<T>(change: (input: T) => Promise<Patient>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (card) => {
      client.setQueryData(peopleKeys.patient(card.id), card);
      client.setQueryData(peopleKeys.patientName(card.id), card.full_name);
      void client.invalidateQueries({ queryKey: [...peopleKeys.patients, "list"] });
      void client.invalidateQueries({ queryKey: [...peopleKeys.patients, "cases"] });
      void client.invalidateQueries({ queryKey: ["lookup"] });
    },
  });
}

/** Cases of a patient or about a doctor that the viewer may see, a page at a time. */
export function usePersonCases(kind: "patients" | "doctors", id: string, page: number) {
  const query = { page, page_size: 10 };
  return useQuery({
    queryKey: [kind, "cases", id, query],
    queryFn: ({ signal }) =>
      kind === "patients"
        ? ok(
            api.GET("/api/patients/{patient_id}/cases", {
              params: { path: { patient_id: id }, query },
              signal,
            }),
          )
        : ok(
            api.GET("/api/doctors/{doctor_id}/cases", { params: { path: { doctor_id: id }, query }, signal }),
          ),
    placeholderData: keepPreviousData,
  });
}
