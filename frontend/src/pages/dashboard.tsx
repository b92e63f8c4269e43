import dynamic from "next/dynamic";
import type { DeskPage } from "@/shared/session/access-rule";
import { useMe } from "@/shared/session/session";
import { Forbidden } from "@/shared/ui/Forbidden";
import { ListSkeleton } from "@/shared/ui/skeletons";

const loading = () => <ListSkeleton />;
const DashboardScreen = dynamic(() => import("@/features/insights/dashboard/DashboardScreen"), {
  ssr: false,
  loading,
});
const MyFiguresScreen = dynamic(() => import("@/features/insights/MyFiguresScreen"), { ssr: false, loading });

/** Managers see the hospital's figures, an executor his own. */
const DashboardPage: DeskPage = () => {
  const me = useMe();
  if (me.role === "EXECUTOR") return <MyFiguresScreen />;
  return me.permissions.includes("insights.read") ? (
    <DashboardScreen />
  ) : (
    <Forbidden permission="insights.read" />
  );
};

export default DashboardPage;
