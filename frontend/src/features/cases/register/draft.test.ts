import { describe, expect, it } from "vitest";
import { checkFields, EMPTY_FIELDS, sortErrors } from "../fields/case-fields";
import { completed, emptyDraft, formOf, isEmptyDraft, nothingWasCreated } from "./draft";
import { dictated, groupsOf } from "./number-words";

describe("the draft", () => {
  it("is not kept for the channel alone, which fills itself in", () => {
    const draft = emptyDraft("k");
    expect(
      isEmptyDraft({ ...draft, channelText: "Контакт-центр", fields: { ...draft.fields, channel_id: "c" } }),
    ).toBe(true);
    expect(isEmptyDraft({ ...draft, fields: { ...draft.fields, applicant_phone: "0" } })).toBe(false);
    expect(isEmptyDraft({ ...draft, fileNames: ["скан.pdf"] })).toBe(false);
  });

  it("fills in what an older version did not know", () => {
    const found = { fields: { summary: "Текст" } } as never;
    expect(completed(found, "new")).toMatchObject({
      key: "new",
      fileNames: [],
      fields: { summary: "Текст", channel_id: "" },
    });
  });

  it("keeps its key while a case may have been created, and changes it after a clear refusal", () => {
    expect([0, 401, 500, 503].map(nothingWasCreated)).toEqual([false, false, false, false]);
    expect([400, 413, 422].map(nothingWasCreated)).toEqual([true, true, true]);
  });

  it("sends files and filled fields only", () => {
    const form = formOf({ ...EMPTY_FIELDS, summary: " Текст " }, [new File(["x"], "скан.pdf")]);
    expect([...form.keys()]).toEqual(["summary", "files"]);
    expect(form.get("summary")).toBe("Текст");
  });
});

describe("fields", () => {
  it("asks for what is missing, in words", () => {
    expect(Object.keys(checkFields(EMPTY_FIELDS)).sort()).toEqual([
      "applicant_name",
      "category_id",
      "channel_id",
      "summary",
    ]);
  });

  it("judges phone, e-mail and length", () => {
    const filled = {
      ...EMPTY_FIELDS,
      applicant_name: "Ганна",
      category_id: "c",
      channel_id: "h",
      summary: "С",
    };
    expect(checkFields(filled)).toEqual({});
    expect(checkFields({ ...filled, applicant_phone: "123-45" }).applicant_phone).toBeDefined();
    expect(checkFields({ ...filled, applicant_phone: "067 123 45 67" }).applicant_phone).toBeUndefined();
    expect(checkFields({ ...filled, applicant_email: "ганна" }).applicant_email).toBeDefined();
    expect(checkFields({ ...filled, applicant_name: "я".repeat(201) }).applicant_name).toBeDefined();
  });

  it("sorts the server's words to their fields", () => {
    const sorted = sortErrors([
      { field: "category_id", message: "неактивна" },
      { field: "files.0", message: "«a.pdf» не PDF" },
      { field: "Idempotency-Key", message: "інше" },
    ]);
    expect(sorted).toEqual({
      fields: { category_id: "неактивна" },
      files: ["«a.pdf» не PDF"],
      rest: ["інше"],
    });
  });
});

describe("the number, dictated", () => {
  it("is read in two groups with its zeros", () => {
    expect(groupsOf(482917)).toEqual(["482", "917"]);
    expect(dictated(482917)).toBe("чотириста вісімдесят два, дев’ятсот сімнадцять");
    expect(dictated(100007)).toBe("сто, нуль нуль сім");
    expect(dictated(315000)).toBe("триста п’ятнадцять, нуль нуль нуль");
    expect(dictated(640011)).toBe("шістсот сорок, нуль одинадцять");
  });
});
