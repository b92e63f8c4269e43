import { DeliveryScreen } from "@/features/notifications/delivery/DeliveryScreen";
import type { DeskPage } from "@/shared/session/access-rule";

const DeliveryPage: DeskPage = () => <DeliveryScreen />;

DeliveryPage.access = { permission: "users.manage" };
export default DeliveryPage;
