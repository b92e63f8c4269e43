import { DoctorsScreen } from "@/features/people/doctors/DoctorsScreen";
import type { DeskPage } from "@/shared/session/access-rule";

const DoctorsPage: DeskPage = () => <DoctorsScreen />;

export default DoctorsPage;
