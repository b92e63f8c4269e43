import { PatientCardScreen } from "@/features/people/patients/PatientCardScreen";
import type { DeskPage } from "@/shared/session/access-rule";

const PatientPage: DeskPage = () => <PatientCardScreen />;

export default PatientPage;
