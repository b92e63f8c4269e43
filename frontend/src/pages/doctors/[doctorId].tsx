import { DoctorCardScreen } from "@/features/people/doctors/DoctorCardScreen";
import type { DeskPage } from "@/shared/session/access-rule";

const DoctorPage: DeskPage = () => <DoctorCardScreen />;

export default DoctorPage;
