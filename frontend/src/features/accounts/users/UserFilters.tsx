import { Select } from "antd";
import { ROLES } from "@/shared/api/types";
import { sessionTexts } from "@/shared/session/texts";
import { FilterBar } from "@/shared/ui/FilterBar";
import { SearchField } from "@/shared/ui/SearchField";
import { USER_STATES, type UsersView } from "./queries";
import { userTexts } from "./texts";

interface Props {
  view: UsersView;
  found: string;
  onChange: (change: Partial<UsersView>) => void;
}

export function UserFilters({ view, found, onChange }: Props) {
  const t = userTexts.use();
  const roles = sessionTexts.use().roles;
  return (
    <FilterBar found={found}>
      <SearchField
        label={t.search}
        value={view.search}
        onSearch={(search) => {
          onChange({ search, page: 1 });
        }}
      />
      <Select
        aria-label={t.role}
        style={{ width: 170 }}
        value={view.role ?? ""}
        options={[
          { value: "", label: t.anyRole },
          ...ROLES.map((role) => ({ value: role, label: roles[role] })),
        ]}
        onChange={(value) => {
          onChange({ role: ROLES.find((role) => role === value), page: 1 });
        }}
      />
      <Select
        aria-label={t.state}
        style={{ width: 220 }}
        value={view.state ?? ""}
        options={[
          { value: "", label: t.anyState },
          ...USER_STATES.map((state) => ({ value: state, label: t.states[state] })),
        ]}
        onChange={(value) => {
          onChange({ state: USER_STATES.find((state) => state === value), page: 1 });
        }}
      />
    </FilterBar>
  );
}
