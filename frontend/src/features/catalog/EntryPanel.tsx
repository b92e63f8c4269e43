import { App, Button, Drawer, Form, Input, Space, type InputRef } from "antd";
import { useRef, useState } from "react";
import { useIdempotencyKey } from "@/shared/api/idempotency";
import type { ApiError } from "@/shared/api/problem";
import type { DirectoryEntry } from "@/shared/api/types";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { showFieldErrors } from "@/shared/ui/form-errors";
import { uiTexts } from "@/shared/ui/texts";
import { addEntry, renameEntry } from "./changes";
import { useDirectoryChange, type Place } from "./queries";
import { catalogTexts } from "./texts";

export interface Editing {
  place: Place;
  /** Absent when adding. */
  entry?: DirectoryEntry;
}

/** The side panel for a name: a new entry, or another name for an old one. */
export function EntryPanel({ editing, onClose }: { editing: Editing; onClose: () => void }) {
  const t = catalogTexts.use();
  const ui = uiTexts.use();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ name: string }>();
  const [problem, setProblem] = useState<ApiError | null>(null);
  const key = useIdempotencyKey();
  const input = useRef<InputRef>(null);
  const add = useDirectoryChange(addEntry);
  const rename = useDirectoryChange(renameEntry);
  const { place, entry } = editing;

  const save = ({ name }: { name: string }): void => {
    setProblem(null);
    const saving = entry
      ? rename.mutateAsync({ place, id: entry.id, name })
      : add.mutateAsync({ place, name, key: key.current() });
    saving
      .then((saved) => {
        void message.success(entry ? t.renamed : t.added(saved.name));
        onClose();
      })
      .catch((error: unknown) => {
        setProblem(showFieldErrors(form, error));
      });
  };

  return (
    <Drawer
      open
      size={420}
      title={entry ? t[place.kind].renameTitle : t[place.kind].addTitle}
      onClose={onClose}
      afterOpenChange={(open) => {
        if (open) input.current?.focus({ cursor: "end" });
      }}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: entry?.name ?? "" }}
        onValuesChange={key.renew}
        onFinish={save}
      >
        <ErrorNote error={problem} />
        <Form.Item
          name="name"
          label={t.name}
          rules={[{ required: true, whitespace: true, message: t.required }]}
        >
          <Input ref={input} maxLength={200} autoComplete="off" />
        </Form.Item>
        <Space>
          <Button type="primary" htmlType="submit" loading={add.isPending || rename.isPending}>
            {ui.save}
          </Button>
          <Button onClick={onClose}>{ui.cancel}</Button>
        </Space>
      </Form>
    </Drawer>
  );
}
