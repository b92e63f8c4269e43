import { DirectoryScreen } from "@/features/catalog/DirectoryScreen";
import type { DeskPage } from "@/shared/session/access-rule";

const ChannelsPage: DeskPage = () => <DirectoryScreen kind="channels" />;

ChannelsPage.access = { permission: "directories.manage" };
export default ChannelsPage;
