import { CaseScreen } from "@/features/cases/card/CaseScreen";
import type { DeskPage } from "@/shared/session/access-rule";

const CasePage: DeskPage = () => <CaseScreen />;

export default CasePage;
