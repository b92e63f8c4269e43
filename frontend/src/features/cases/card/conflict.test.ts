import { describe, expect, it } from "vitest";
import { EMPTY_FIELDS, type CaseFields } from "../fields/case-fields";
import { changedFields, merge, patchOf } from "./conflict";

const base: CaseFields = {
  ...EMPTY_FIELDS,
  applicant_name: "Ганна",
  category_id: "c1",
  subcategory: "Діагностика",
  channel_id: "h1",
  summary: "Не можу додзвонитися",
};

describe("what is sent", () => {
  it("is only what this person changed", () => {
    expect(patchOf(base, { ...base, summary: "Інше" })).toEqual({ summary: "Інше" });
    expect(patchOf(base, { ...base, summary: ` ${base.summary} ` })).toEqual({});
  });

  it("empties an optional field with null", () => {
    expect(patchOf(base, { ...base, subcategory: " " })).toEqual({ subcategory: null });
  });

  it("sends the subcategory along with another category, which would empty it", () => {
    expect(patchOf(base, { ...base, category_id: "c2" })).toEqual({
      category_id: "c2",
      subcategory: "Діагностика",
    });
  });
});

describe("two people edit one case", () => {
  it("merges changes of different fields without a question", () => {
    const result = merge(base, { ...base, summary: "Моє" }, { ...base, applicant_name: "Ганна Ткаченко" });
    expect(result.fields).toMatchObject({ summary: "Моє", applicant_name: "Ганна Ткаченко" });
    expect(result.conflicts).toEqual([]);
    expect(result.takenOver).toEqual(["applicant_name"]);
  });

  it("keeps what was typed where both changed, and asks", () => {
    const result = merge(base, { ...base, summary: "Моє" }, { ...base, summary: "Їхнє" });
    expect(result.fields.summary).toBe("Моє");
    expect(result.conflicts).toEqual(["summary"]);
  });

  it("sees no conflict when both typed the same", () => {
    const same = { ...base, summary: "Однакове" };
    expect(merge(base, same, same)).toMatchObject({ conflicts: [], takenOver: [] });
  });

  it("finds no difference in spaces at the ends", () => {
    expect(changedFields(base, { ...base, applicant_name: " Ганна " })).toEqual([]);
  });
});
