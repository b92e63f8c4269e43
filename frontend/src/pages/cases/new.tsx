import { RegisterScreen } from "@/features/cases/register/RegisterScreen";
import type { DeskPage } from "@/shared/session/access-rule";

const NewCasePage: DeskPage = () => <RegisterScreen />;

NewCasePage.access = { permission: "cases.register" };
export default NewCasePage;
