import type { DeskPage } from "@/shared/session/access-rule";
import { EmptyState } from "@/shared/ui/EmptyState";
import { Page } from "@/shared/ui/Page";

const CasesPage: DeskPage = () => (
  <Page title="Звернення">
    <EmptyState title="Звернень ще немає" />
  </Page>
);

export default CasesPage;
