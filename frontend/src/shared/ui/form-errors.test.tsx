import { act, render, screen } from "@testing-library/react";
import { Form, Input, type FormInstance } from "antd";
import { createRef } from "react";
import { describe, expect, it } from "vitest";
import { ApiError } from "../api/problem";
import { showFieldErrors } from "./form-errors";

const shown = createRef<FormInstance>();
const theForm = (): FormInstance => shown.current!;

function Sample() {
  return (
    <Form ref={shown} initialValues={{ name: "Олена", email: "не адреса" }}>
      <Form.Item name="name" label="Ім’я">
        <Input />
      </Form.Item>
      <Form.Item name="email" label="Пошта">
        <Input />
      </Form.Item>
    </Form>
  );
}

const invalid = (errors: { field: string; message: string }[]): ApiError =>
  new ApiError({ status: 422, code: "invalid_fields", detail: "Перевірте поля.", errors });

describe("showFieldErrors", () => {
  it("puts the words beside the field, keeps what was typed, and has nothing left to say", async () => {
    render(<Sample />);
    let left: ApiError | null = null;
    await act(async () => {
      left = showFieldErrors(theForm(), invalid([{ field: "email", message: "Це не адреса" }]));
    });
    expect(await screen.findByText("Це не адреса")).toBeInTheDocument();
    expect(screen.getByLabelText("Пошта")).toHaveValue("не адреса");
    expect(left).toBeNull();
  });

  it("finds a field under the form's own name", async () => {
    render(<Sample />);
    await act(async () => {
      showFieldErrors(theForm(), invalid([{ field: "body.full_name", message: "Надто довге" }]), {
        "body.full_name": "name",
      });
    });
    expect(await screen.findByText("Надто довге")).toBeInTheDocument();
  });

  it("hands back what no field on the screen can say", async () => {
    render(<Sample />);
    let left: ApiError | null = null;
    await act(async () => {
      left = showFieldErrors(theForm(), invalid([{ field: "hidden", message: "?" }]));
    });
    expect(left).toMatchObject({ detail: "Перевірте поля." });
  });

  it("hands back a failure that is not about fields", async () => {
    render(<Sample />);
    const conflict = new ApiError({ status: 409, code: "stale", detail: "Змінив хтось інший." });
    expect(showFieldErrors(theForm(), conflict)).toBe(conflict);
  });
});
