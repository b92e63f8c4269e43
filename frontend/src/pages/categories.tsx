import { DirectoryScreen } from "@/features/catalog/DirectoryScreen";
import type { DeskPage } from "@/shared/session/access-rule";

const CategoriesPage: DeskPage = () => <DirectoryScreen kind="categories" />;

CategoriesPage.access = { permission: "directories.manage" };
export default CategoriesPage;
