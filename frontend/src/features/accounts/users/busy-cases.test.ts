import { expect, test } from "vitest";
import { byCategory } from "./busy-cases";

const service = { id: "s", name: "Сервіс" };
const other = { id: "o", name: "Інше" };

test("cases stand by category, the fullest first", () => {
  const groups = byCategory([
    { public_id: 100001, category: other },
    { public_id: 100002, category: service },
    { public_id: 100003, category: service },
  ]);
  expect(groups).toEqual([
    { ...service, numbers: [100002, 100003] },
    { ...other, numbers: [100001] },
  ]);
});

test("nothing stays nothing", () => {
  expect(byCategory([])).toEqual([]);
});
