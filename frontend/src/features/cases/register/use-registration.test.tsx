import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, it } from "vitest";
import type { Me } from "@/shared/api/types";
import { useRegistration } from "./use-registration";

const client = new QueryClient();
const wrapper = ({ children }: { children: ReactNode }) => (
  <QueryClientProvider client={client}>{children}</QueryClientProvider>
);
const me = { id: "olha", role: "OPERATOR" } as unknown as Me;

it("keeps both when a key fills one field while another is being left", () => {
  const { result } = renderHook(() => useRegistration(me), { wrapper });
  const drawn = result.current;
  act(() => {
    drawn.setField("applicant_name", "Відмова назвати");
    drawn.setField("applicant_phone", "+380 67 123 45 67");
  });
  expect(result.current.draft.fields).toMatchObject({
    applicant_name: "Відмова назвати",
    applicant_phone: "+380 67 123 45 67",
  });
});

it("clears nothing when fields are wrong, and says what is missing", () => {
  const { result } = renderHook(() => useRegistration(me), { wrapper });
  act(() => {
    result.current.setField("summary", "Дитина у відділенні");
  });
  act(() => {
    result.current.save();
  });
  expect(result.current.draft.fields.summary).toBe("Дитина у відділенні");
  expect(Object.keys(result.current.errors)).toContain("category_id");
  expect(result.current.saved).toBeNull();
});
