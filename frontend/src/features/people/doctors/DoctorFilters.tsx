import { Select } from "antd";
import { FilterBar } from "@/shared/ui/FilterBar";
import { SearchField } from "@/shared/ui/SearchField";
import { useDepartments, type DoctorsView } from "../doctor-queries";
import { doctorTexts } from "./texts";

interface Props {
  view: DoctorsView;
  found: string;
  onChange: (change: Partial<DoctorsView>) => void;
}

const choices = (all: string, values: string[] | undefined, chosen: string) => [
  { value: "", label: all },
  ...[...new Set([...(values ?? []), ...(chosen ? [chosen] : [])])].map((value) => ({ value, label: value })),
];

export function DoctorFilters({ view, found, onChange }: Props) {
  const t = doctorTexts.use();
  const { data } = useDepartments();
  const change = (next: Partial<DoctorsView>): void => {
    onChange({ ...next, page: 1 });
  };
  return (
    <FilterBar found={found}>
      <SearchField
        label={t.search}
        value={view.search}
        onSearch={(search) => change({ search })}
        width={300}
      />
      <Select
        aria-label={t.specialty}
        style={{ width: 210 }}
        showSearch={{ optionFilterProp: "label" }}
        value={view.specialty}
        options={choices(t.anySpecialty, data?.specialties, view.specialty)}
        onChange={(specialty) => change({ specialty })}
      />
      <Select
        aria-label={t.department}
        style={{ width: 210 }}
        showSearch={{ optionFilterProp: "label" }}
        value={view.department}
        options={choices(t.anyDepartment, data?.departments, view.department)}
        onChange={(department) => change({ department })}
      />
      <Select
        aria-label={t.state}
        style={{ width: 130 }}
        value={view.state ?? ""}
        options={[
          { value: "", label: t.anyState },
          { value: "active", label: t.states.active },
          { value: "inactive", label: t.states.inactive },
        ]}
        onChange={(state) =>
          change({ state: state === "active" || state === "inactive" ? state : undefined })
        }
      />
    </FilterBar>
  );
}
