import { NoticesScreen } from "@/features/notifications/NoticesScreen";
import type { DeskPage } from "@/shared/session/access-rule";

const NotificationsPage: DeskPage = () => <NoticesScreen />;

export default NotificationsPage;
