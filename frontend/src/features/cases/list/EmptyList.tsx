import { FilterOutlined } from "@ant-design/icons";
import { useQueries } from "@tanstack/react-query";
import { Button } from "antd";
import type { Me } from "@/shared/api/types";
import { counted } from "@/shared/plural";
import { can } from "@/shared/session/session";
import { EmptyState } from "@/shared/ui/EmptyState";
import { LinkButton } from "@/shared/ui/LinkButton";
import { caseKeys, fetchCases } from "../api/cases";
import { chipWords, type Names } from "./chip-words";
import type { Chip } from "./chips";
import { NO_FILTERS, scopeInUse, toQuery, type ListState } from "./filters";
import { listTexts } from "./texts";

interface Props {
  state: ListState;
  me: Me;
  chips: readonly Chip[];
  names: Names;
  onChange: (change: Partial<ListState>) => void;
}

/** Nothing to show: says which filter is to blame and takes it away with one button. */
export function EmptyList(props: Props) {
  const t = listTexts.use();
  const { state, onChange } = props;
  if (props.chips.length > 0) return <EmptyByFilters {...props} />;
  if (state.page > 1)
    return (
      <EmptyState
        title={t.empty.beyond}
        action={
          <Button
            type="primary"
            onClick={() => {
              onChange({ page: 1 });
            }}
          >
            {t.empty.toFirst}
          </Button>
        }
      />
    );
  return <NothingYet {...props} />;
}

function NothingYet({ state, me }: Props) {
  const t = listTexts.use();
  const scope = scopeInUse(state, me.role);
  const isLocked = me.role === "EXECUTOR" && me.category_access.length === 0 && scope !== "mine";
  const words = {
    mine: me.role === "OPERATOR" ? t.empty.nothingRegistered : t.empty.nothingMine,
    queue: t.empty.nothingQueue,
    category: t.empty.nothingAll,
  };
  return (
    <EmptyState
      title={t.empty.nothing}
      action={
        can(me, "cases.register") && !isLocked ? (
          <LinkButton type="primary" href="/cases/new">
            {t.empty.register}
          </LinkButton>
        ) : null
      }
    >
      {isLocked ? t.empty.noAccess : scope === "all" ? t.empty.nothingAll : words[scope]}
    </EmptyState>
  );
}

function EmptyByFilters({ state, chips, names, onChange }: Props) {
  const t = listTexts.use();
  // What would be here without each filter: one small question per filter, only when the list is empty.
  const tries = useQueries({
    queries: chips.slice(0, 8).map((chip) => {
      const query = { ...toQuery({ ...state, ...chip.without, page: 1 }), page_size: 1 };
      return { queryKey: caseKeys.list(query), queryFn: () => fetchCases(query), staleTime: 60_000 };
    }),
  });
  const waiting = tries.some((attempt) => attempt.isPending);
  let culprit: { chip: Chip; total: number } | null = null;
  for (const [index, attempt] of tries.entries()) {
    const chip = chips[index];
    const total = attempt.data?.total ?? 0;
    if (chip && total > (culprit?.total ?? 0)) culprit = { chip, total };
  }
  const words = culprit ? chipWords(culprit.chip, names) : null;
  const label = words ? `${words.name}: ${words.value}` : "";
  return (
    <EmptyState
      icon={<FilterOutlined />}
      title={t.empty.title}
      action={
        <Button
          type="primary"
          disabled={waiting}
          onClick={() => {
            onChange(culprit ? culprit.chip.without : NO_FILTERS);
          }}
        >
          {culprit ? t.empty.drop(label) : t.reset}
        </Button>
      }
    >
      {waiting
        ? t.empty.searching
        : culprit
          ? t.empty.culprit(label, counted(culprit.total, "cases"))
          : t.empty.together}
    </EmptyState>
  );
}
