import { PatientsScreen } from "@/features/people/patients/PatientsScreen";
import type { DeskPage } from "@/shared/session/access-rule";

const PatientsPage: DeskPage = () => <PatientsScreen />;

export default PatientsPage;
