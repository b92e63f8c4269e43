import { CaseListScreen } from "@/features/cases/list/CaseListScreen";
import type { DeskPage } from "@/shared/session/access-rule";

const CasesPage: DeskPage = () => <CaseListScreen />;

export default CasesPage;
