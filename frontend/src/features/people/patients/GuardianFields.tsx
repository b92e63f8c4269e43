import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { AutoComplete, Button, Checkbox, Form, Input, type FormInstance } from "antd";
import styles from "../People.module.css";
import { peopleTexts } from "../texts";
import { EMPTY_GUARDIAN, type GuardianValues, type PatientValues } from "./patient-values";

export const emailRule = (message: string) => ({ pattern: /^[^\s@]+@[^\s@]+\.[^\s@]+$/, message });
export const phoneRule = (message: string) => ({
  validator: (_: unknown, value: string | undefined) =>
    !value || value.replace(/\D/g, "").length >= 9 ? Promise.resolve() : Promise.reject(new Error(message)),
});

/** The people who speak for the child: each with relation and contacts, at most one the main one. */
export function GuardianFields({ form }: { form: FormInstance<PatientValues> }) {
  const t = peopleTexts.use();
  const setPrimary = (index: number, isPrimary: boolean): void => {
    const all = form.getFieldValue("guardians") as GuardianValues[];
    form.setFieldValue(
      "guardians",
      all.map((one, place) => ({ ...one, is_primary: isPrimary && place === index })),
    );
  };
  return (
    <Form.List name="guardians">
      {(fields, { add, remove }) => (
        <>
          {fields.map(({ key, name }) => (
            <div
              key={key}
              role="group"
              aria-label={t.guardian((name + 1).toString())}
              className={styles.guardian}
            >
              <h4 aria-hidden>{t.guardian((name + 1).toString())}</h4>
              <Button
                type="text"
                size="small"
                danger
                className={styles.remove}
                icon={<DeleteOutlined />}
                aria-label={t.removeGuardian(t.guardian((name + 1).toString()))}
                onClick={() => {
                  remove(name);
                }}
              />
              <Form.Item
                name={[name, "full_name"]}
                label={t.field.fullName}
                rules={[{ required: true, whitespace: true, message: t.required }]}
              >
                <Input maxLength={200} autoComplete="off" />
              </Form.Item>
              <Form.Item
                name={[name, "relation"]}
                label={t.field.relation}
                rules={[{ required: true, whitespace: true, message: t.required }]}
              >
                <AutoComplete options={t.relations.map((value) => ({ value }))} maxLength={100} />
              </Form.Item>
              <div className={styles.pair}>
                <Form.Item
                  name={[name, "phone"]}
                  label={t.field.phone}
                  validateTrigger="onBlur"
                  rules={[phoneRule(t.phoneShort)]}
                >
                  <Input type="tel" maxLength={50} autoComplete="off" className="numbers" />
                </Form.Item>
                <Form.Item
                  name={[name, "email"]}
                  label={t.field.email}
                  validateTrigger="onBlur"
                  rules={[emailRule(t.emailWrong)]}
                >
                  <Input type="email" maxLength={254} autoComplete="off" />
                </Form.Item>
              </div>
              <Form.Item name={[name, "is_primary"]} valuePropName="checked" style={{ marginBottom: 0 }}>
                <Checkbox
                  onChange={(event) => {
                    setPrimary(name, event.target.checked);
                  }}
                >
                  {t.field.primary}
                </Checkbox>
              </Form.Item>
            </div>
          ))}
          {fields.length < 10 ? (
            <div style={{ marginBottom: 24 }}>
              <Button
                icon={<PlusOutlined />}
                onClick={() => {
                  add({ ...EMPTY_GUARDIAN, is_primary: fields.length === 0 });
                }}
              >
                {t.addGuardian}
              </Button>
            </div>
          ) : null}
        </>
      )}
    </Form.List>
  );
}
