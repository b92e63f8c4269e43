import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Progress, Select } from "antd";
import { useState } from "react";
import { type Assignee, useAssignees } from "@/features/cases/api/directories";
import { api, ok } from "@/shared/api/client";
import { type ApiError, toApiError } from "@/shared/api/problem";
import type { User } from "@/shared/api/types";
import { matches } from "@/shared/match";
import { counted } from "@/shared/plural";
import { ErrorNote } from "@/shared/ui/ErrorNote";
import { byCategory, type CategoryCases } from "./busy-cases";
import { userTexts } from "./texts";

type Person = Pick<User, "id" | "full_name">;

const activeCases = (id: string) =>
  ok(api.GET("/api/users/{user_id}/active-cases", { params: { path: { user_id: id } } }));
const assign = (number: number, responsible_id: string) =>
  ok(api.POST("/api/cases/{case}/assign", { params: { path: { case: number } }, body: { responsible_id } }));

interface RowProps {
  group: CategoryCases;
  people: Assignee[];
  disabled: boolean;
  value: string | undefined;
  onChange: (id: string) => void;
}

function CategoryRow({ group, people, disabled, value, onChange }: RowProps) {
  const t = userTexts.use().busy;
  const options = people
    .filter((one) => one.role === "ADMIN" || one.categoryIds.includes(group.id))
    .map((one) => ({ value: one.id, label: one.full_name }));
  return (
    <li style={{ padding: "8px 0" }}>
      <label htmlFor={`busy-${group.id}`}>
        {group.name} <span className="muted">· {counted(group.numbers.length, "cases")}</span>
      </label>
      <Select
        id={`busy-${group.id}`}
        style={{ width: "100%", marginTop: 4 }}
        placeholder={t.choose}
        value={value}
        disabled={disabled}
        options={options}
        showSearch={{ filterOption: (input, option) => matches(option?.label ?? "", input) }}
        onChange={onChange}
      />
    </li>
  );
}

/** The cases that stand in the way of letting somebody go, and whom to give them to, category by category. */
export function BusyUser({ user, problem }: { user: Person; problem: ApiError }) {
  const t = userTexts.use().busy;
  const client = useQueryClient();
  const people = useAssignees(true)?.filter((one) => one.id !== user.id);
  const cases = useQuery({ queryKey: ["users", "busy", user.id], queryFn: () => activeCases(user.id) });
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const [handedOver, setHandedOver] = useState<number | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);

  const groups = byCategory(cases.data?.cases ?? []);
  const total = Number(problem.extra.total_cases ?? cases.data?.total ?? 0);
  const isDone = cases.data?.cases.length === 0;
  const isComplete = groups.length > 0 && groups.every((group) => chosen[group.id]);

  const handOver = async (): Promise<void> => {
    setFailure(null);
    let done = 0;
    setHandedOver(done);
    try {
      for (const group of groups)
        for (const number of group.numbers) {
          await assign(number, chosen[group.id] ?? "");
          setHandedOver(++done);
        }
    } catch (error) {
      setFailure(toApiError(error));
    }
    setHandedOver(null);
    await Promise.all([cases.refetch(), client.invalidateQueries({ queryKey: ["cases"] })]);
  };

  if (isDone) return <Alert type="success" showIcon role="status" title={t.done(user.full_name)} />;
  return (
    <>
      <p>{t.text(user.full_name, counted(total, "cases"))}</p>
      <ErrorNote error={failure ?? (cases.error ? toApiError(cases.error) : null)} />
      <ul style={{ margin: "0 0 12px", padding: 0, listStyle: "none" }} aria-busy={cases.isPending}>
        {groups.map((group) => (
          <CategoryRow
            key={group.id}
            group={group}
            people={people ?? []}
            disabled={handedOver !== null}
            value={chosen[group.id]}
            onChange={(id) => setChosen((before) => ({ ...before, [group.id]: id }))}
          />
        ))}
      </ul>
      {handedOver === null ? null : (
        <Progress percent={Math.round((100 * handedOver) / Math.max(1, total))} aria-label={t.handOver} />
      )}
      <Button
        type="primary"
        disabled={!isComplete}
        loading={handedOver !== null}
        onClick={() => void handOver()}
      >
        {t.handOver}
      </Button>{" "}
      <a
        href={`/cases?responsible_id=${user.id}&status=IN_PROGRESS&status=NEEDS_INFO`}
        target="_blank"
        rel="noreferrer"
      >
        {t.open}
      </a>
    </>
  );
}
