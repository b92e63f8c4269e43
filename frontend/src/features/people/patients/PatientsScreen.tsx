import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import dynamic from "next/dynamic";
import { counted } from "@/shared/plural";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ErrorState } from "@/shared/ui/ErrorState";
import { FilterBar } from "@/shared/ui/FilterBar";
import { Page, Sheet } from "@/shared/ui/Page";
import { SearchField } from "@/shared/ui/SearchField";
import { ListSkeleton } from "@/shared/ui/skeletons";
import { uiTexts } from "@/shared/ui/texts";
import { useUrlState } from "@/shared/url-state";
import { useEver } from "@/shared/use-ever";
import { patientsView, usePatients, type PatientsView } from "../queries";
import { peopleTexts } from "../texts";
import { PatientsTable } from "./PatientsTable";

const NewPatientPanel = dynamic(() => import("./NewPatientPanel").then((part) => part.NewPatientPanel), {
  ssr: false,
});

export function PatientsScreen() {
  const t = peopleTexts.use();
  const ui = uiTexts.use();
  const [view, setView] = useUrlState<PatientsView>(patientsView);
  const isOpen = view.panel === "new";
  const hasOpened = useEver(isOpen);
  const patients = usePatients(view);
  const total = patients.data?.total;
  const add = (
    <Button
      type={total === 0 ? "primary" : "default"}
      icon={<PlusOutlined />}
      onClick={() => {
        setView({ panel: "new" });
      }}
    >
      {t.addPatient}
    </Button>
  );
  const close = (): void => {
    setView({ panel: "" }, { history: "replace" });
  };
  return (
    <Page title={t.patients} actions={add}>
      <FilterBar found={total === undefined ? "" : ui.found(counted(total, "patients"))}>
        <SearchField
          width={380}
          label={t.search}
          value={view.search}
          onSearch={(search) => {
            setView({ search, page: 1 }, { history: "replace" });
          }}
        />
      </FilterBar>
      <Sheet flush>
        {patients.isPending ? (
          <ListSkeleton />
        ) : !patients.data ? (
          <ErrorState error={patients.error} onRetry={() => void patients.refetch()} />
        ) : patients.data.total === 0 ? (
          view.search === "" ? (
            <EmptyState title={t.emptyPatients} action={add}>
              {t.emptyPatientsHint}
            </EmptyState>
          ) : (
            <EmptyState
              title={t.emptyFiltered}
              action={
                <Button
                  onClick={() => {
                    setView({ search: "", page: 1 });
                  }}
                >
                  {t.resetSearch}
                </Button>
              }
            >
              {t.emptyFilteredHint}
            </EmptyState>
          )
        ) : (
          <PatientsTable
            patients={patients.data.patients}
            total={patients.data.total}
            view={view}
            loading={patients.isPlaceholderData}
            onChange={setView}
          />
        )}
      </Sheet>
      {hasOpened ? <NewPatientPanel open={isOpen} onClose={close} /> : null}
    </Page>
  );
}
