import dynamic from "next/dynamic";
import type { DeskPage } from "@/shared/session/access-rule";
import { ListSkeleton } from "@/shared/ui/skeletons";

const JournalScreen = dynamic(() => import("@/features/insights/journal/JournalScreen"), {
  ssr: false,
  loading: () => <ListSkeleton rows={12} />,
});

const JournalPage: DeskPage = () => <JournalScreen />;

JournalPage.access = { permission: "audit.read" };
export default JournalPage;
