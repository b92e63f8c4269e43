import { useRouter } from "next/router";
import { useEffect } from "react";
import type { DeskPage } from "@/shared/session/access-rule";
import { FrameSkeleton } from "@/shared/ui/skeletons";

const IndexPage: DeskPage = () => {
  const router = useRouter();
  useEffect(() => {
    void router.replace("/cases");
  }, [router]);
  return <FrameSkeleton />;
};

IndexPage.access = "public";
export default IndexPage;
