import dynamic from "next/dynamic";
import { CardSkeleton } from "@/shared/ui/skeletons";

/** The form of a card. It brings a calendar along, so it comes when it is asked for. */
export const LazyPatientForm = dynamic(() => import("./PatientForm").then((part) => part.PatientForm), {
  ssr: false,
  loading: () => <CardSkeleton />,
});
