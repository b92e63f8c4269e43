import { describe, expect, it } from "vitest";
import {
  ageOn,
  bodyOf,
  changedFields,
  contested,
  EMPTY_PATIENT,
  patchOf,
  type PatientValues,
} from "./patients/patient-values";
import { callerOf, missingFrom, mostCasesFirst } from "./pick/caller";
import type { PossiblePatient } from "./queries";

const base: PatientValues = {
  ...EMPTY_PATIENT,
  full_name: "Коваленко Софія",
  phone: "067 123 45 67",
  notes: "Дзвонити після 18",
  guardians: [
    { id: "g1", full_name: "Коваленко Ольга", relation: "мати", phone: "", email: "", is_primary: true },
  ],
};

describe("a patient's card being edited", () => {
  it("sends only what was changed, an emptied field as null", () => {
    expect(patchOf(base, { ...base, phone: " ", full_name: "Коваленко Софія " })).toEqual({ phone: null });
  });

  it("sends the whole list of guardians when one of them changes", () => {
    const mine = { ...base, guardians: [{ ...base.guardians[0]!, relation: "бабуся" }] };
    expect(changedFields(base, mine)).toEqual(["guardians"]);
    expect(patchOf(base, mine).guardians).toEqual(bodyOf(mine).guardians);
  });

  it("asks about a field only when both changed it, and differently", () => {
    const mine = { ...base, phone: "050", notes: "Не дзвонити" };
    const theirs = { ...base, phone: "050", notes: "Писати", email: "a@b.ua" };
    expect(contested(base, mine, theirs)).toEqual(["notes"]);
    expect(contested(base, mine, { ...base, email: "a@b.ua" })).toEqual([]);
  });
});

describe("ageOn", () => {
  const today = new Date(2026, 10, 22);
  it.each([
    ["2019-04-12", { years: 7 }],
    ["2019-11-22", { years: 7 }],
    ["2019-11-23", { years: 6 }],
    ["2026-06-22", { months: 5 }],
    ["2026-06-23", { months: 4 }],
    ["2024-12-01", { months: 23 }],
    ["2026-11-23", null],
    [null, null],
  ])("%s", (birth, age) => {
    expect(ageOn(birth, today)).toEqual(age);
  });
});

describe("who calls for a child", () => {
  const guardian = (id: string, phone: string | null, isPrimary = false) => ({
    id,
    full_name: id,
    relation: "мати",
    phone,
    phone_e164: phone,
    email: `${id}@example.org`,
    is_primary: isPrimary,
  });
  const patient: PossiblePatient = {
    id: "p",
    full_name: "Дитина",
    birth_date: null,
    record_number: null,
    phone: null,
    email: null,
    guardians: [guardian("father", "+380501112233", true), guardian("mother", "+380671234567")],
    matched_by: ["phone"],
    cases_total: 0,
    cases: [],
  };

  it.each(["067 123-45-67", "+38 (067) 1234567", "380671234567"])(
    "is the one with the number %s",
    (phone) => {
      expect(callerOf(patient, { phone, email: "" }).applicant_name).toBe("mother");
    },
  );

  it("is the one with the address, else the main contact, else the child", () => {
    expect(callerOf(patient, { phone: "", email: "Mother@" }).applicant_name).toBe("mother");
    expect(callerOf(patient, { phone: "", email: "" }).applicant_name).toBe("father");
    expect(callerOf({ ...patient, guardians: [] }, { phone: "", email: "" }).applicant_name).toBe("Дитина");
  });

  it("is likeliest about the child with most cases, and keeps the order of equals", () => {
    const rows = [0, 2, 0, 5].map((cases_total, at) => ({ ...patient, id: at.toString(), cases_total }));
    expect(mostCasesFirst(rows).map(({ id }) => id)).toEqual(["3", "1", "0", "2"]);
  });

  it("fills in only what is empty", () => {
    const typed = { applicant_name: "Ольга", applicant_phone: "", applicant_email: " " };
    const known = { applicant_name: "mother", applicant_phone: "+380671234567", applicant_email: "" };
    expect(missingFrom(typed, known)).toEqual({ applicant_phone: "+380671234567" });
  });
});
