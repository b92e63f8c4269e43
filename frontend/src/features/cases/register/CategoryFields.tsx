import { useCategories, useSubcategories } from "../api/directories";
import { LIMITS } from "../fields/case-fields";
import { Combobox, type Choice } from "../fields/Combobox";
import { Field } from "../fields/Field";
import { fieldTexts } from "../fields/texts";
import { registerTexts } from "./texts";
import { fieldId, focusField, type Registration } from "./use-registration";

const choicesOf = (entries: readonly { id: string; name: string }[] | undefined): Choice[] =>
  (entries ?? []).map(({ id, name }) => ({ value: id, label: name }));

/** Category from the list; subcategory from its list or in one's own words. */
export function CategoryFields({ registration }: { registration: Registration }) {
  const t = registerTexts.use();
  const ft = fieldTexts.use();
  const { draft, change, setField, errors } = registration;
  const { fields } = draft;
  const categories = choicesOf(useCategories());
  const subcategories = choicesOf(useSubcategories(fields.category_id));
  return (
    <>
      <Field id={fieldId("category_id")} label={ft.names.category_id} error={errors.category_id} required>
        {(aria) => (
          <Combobox
            aria={aria}
            text={draft.categoryText}
            choices={categories}
            onChange={(text, picked) => {
              const id = picked?.value ?? "";
              // A subcategory belongs to its category; words of one's own stay while the category is being typed.
              const changed = id !== "" && id !== fields.category_id && fields.category_id !== "";
              change({ category_id: id, ...(changed ? { subcategory: "" } : {}) }, { categoryText: text });
            }}
            onDone={() => {
              focusField("subcategory");
            }}
          />
        )}
      </Field>
      <Field id={fieldId("subcategory")} label={ft.names.subcategory} error={errors.subcategory}>
        {(aria) => (
          <Combobox
            aria={aria}
            text={fields.subcategory}
            choices={subcategories}
            freeText
            placeholder={t.subcategoryHint}
            maxLength={LIMITS.subcategory}
            onChange={(text) => {
              setField("subcategory", text);
            }}
            onDone={() => {
              focusField("channel_id");
            }}
          />
        )}
      </Field>
    </>
  );
}
