import dynamic from "next/dynamic";
import { useShortcuts } from "@/shared/keyboard";
import { useStore } from "@/shared/store";
import { isSheetOpen, openSheet } from "./sheet";

const KeySheet = dynamic(() => import("./KeySheet").then((module) => module.KeySheet), { ssr: false });

/** Listens for «?» on every page. */
export function KeyHelp() {
  const isOpen = useStore(isSheetOpen);
  useShortcuts({ help: openSheet });
  if (!isOpen) return null;
  return (
    <KeySheet
      onClose={() => {
        isSheetOpen.set(false);
      }}
    />
  );
}
