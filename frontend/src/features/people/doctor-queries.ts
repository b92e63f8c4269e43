import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ok } from "@/shared/api/client";
import * as url from "@/shared/url-state";
import { PAGE_SIZE, peopleKeys, versioned, type Doctor, type DoctorIn, type DoctorPatch } from "./queries";

const doctorPath = (doctor_id: string) => ({ params: { path: { doctor_id } } });

export interface DoctorsView {
  search: string;
  specialty: string;
  department: string;
  state: "active" | "inactive" | undefined;
  page: number;
  panel: string;
}

export const doctorsView = {
  search: url.text(),
  specialty: url.text(),
  department: url.text(),
  state: url.oneOf(["active", "inactive"] as const),
  page: url.count(1),
  panel: url.text(),
};

export function useDoctors(
  { search, specialty, department, state, page }: Omit<DoctorsView, "panel">,
  enabled = true,
) {
  const query = {
    page,
    page_size: PAGE_SIZE,
    ...(search ? { search } : {}),
    ...(specialty ? { specialty } : {}),
    ...(department ? { department } : {}),
    ...(state ? { is_active: state === "active" } : {}),
  };
  return useQuery({
    queryKey: [...peopleKeys.doctors, "list", query],
    queryFn: ({ signal }) => ok(api.GET("/api/doctors", { params: { query }, signal })),
    placeholderData: keepPreviousData,
    enabled,
  });
}

export function useDoctor(id: string) {
  return useQuery({
    queryKey: peopleKeys.doctor(id),
    queryFn: ({ signal }) => ok(api.GET("/api/doctors/{doctor_id}", { ...doctorPath(id), signal })),
    enabled: id !== "",
  });
}

export function useDoctorStatistics(id: string) {
  return useQuery({
    queryKey: [...peopleKeys.doctors, "statistics", id],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/doctors/{doctor_id}/statistics", { ...doctorPath(id), signal })),
    enabled: id !== "",
  });
}

/** Departments and specialties to choose from. */
export function useDepartments() {
  return useQuery({
    queryKey: [...peopleKeys.doctors, "departments"],
    queryFn: () => ok(api.GET("/api/doctors/departments")),
    staleTime: 5 * 60_000,
  });
}

export const doctorCalls = {
  create: ({ body, key }: { body: DoctorIn; key: string }): Promise<Doctor> =>
    ok(api.POST("/api/doctors", { body, headers: { "Idempotency-Key": key } })),
  edit: ({ id, version, body }: { id: string; version: number; body: DoctorPatch }): Promise<Doctor> =>
    ok(
      api.PATCH("/api/doctors/{doctor_id}", {
        params: { path: { doctor_id: id }, header: versioned(version) },
        body,
      }),
    ),
  activate: ({ id }: { id: string }): Promise<Doctor> =>
    ok(api.POST("/api/doctors/{doctor_id}/activate", doctorPath(id))),
  deactivate: ({ id }: { id: string }): Promise<Doctor> =>
    ok(api.POST("/api/doctors/{doctor_id}/deactivate", doctorPath(id))),
};

export function useDoctorChange<T>(change: (input: T) => Promise<Doctor>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (doctor) => {
      client.setQueryData(peopleKeys.doctor(doctor.id), doctor);
      void client.invalidateQueries({ queryKey: [...peopleKeys.doctors, "list"] });
      void client.invalidateQueries({ queryKey: [...peopleKeys.doctors, "departments"] });
    },
  });
}
