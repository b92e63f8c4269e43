import type { DeskPage } from "@/shared/session/access-rule";
import { NotFound } from "@/shared/ui/NotFound";

const NotFoundPage: DeskPage = () => <NotFound />;

export default NotFoundPage;
