import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { api, ok } from "@/shared/api/client";
import { toApiError } from "@/shared/api/problem";
import type { DirectoryEntry } from "@/shared/api/types";
import { counted } from "@/shared/plural";
import { uiTexts } from "@/shared/ui/texts";
import { activateEntry, deactivateEntry } from "./changes";
import { useDirectoryChange, type Place } from "./queries";
import { catalogTexts } from "./texts";

const OPEN_STATUSES = ["NEW", "IN_PROGRESS", "NEEDS_INFO"] as const;

/** Switches entries on and off; before switching off it says what will happen and to how many cases. */
export function useSwitching(): (place: Place, entry: DirectoryEntry) => void {
  const t = catalogTexts.use();
  const ui = uiTexts.use();
  const client = useQueryClient();
  const { modal, message } = App.useApp();
  const activate = useDirectoryChange(activateEntry);
  const deactivate = useDirectoryChange(deactivateEntry);
  const fail = (error: unknown): void => void message.error(toApiError(error).detail, 6);

  const openCases = async (place: Place, entry: DirectoryEntry): Promise<number | null> => {
    if (place.kind === "subcategories") return null;
    const filter = place.kind === "categories" ? { category_id: entry.id } : { channel_id: entry.id };
    const params = { query: { ...filter, status: [...OPEN_STATUSES], page_size: 1 } };
    try {
      const counting = client.query({
        queryKey: ["cases", "count", params],
        queryFn: () => ok(api.GET("/api/cases", { params })),
      });
      return (await counting).total;
    } catch {
      // The number is a help, not a condition.
      return null;
    }
  };

  const confirmOff = async (place: Place, entry: DirectoryEntry): Promise<void> => {
    const open = await openCases(place, entry);
    modal.confirm({
      title: t.confirm(entry.name),
      content: open ? `${t.confirmText} ${t.confirmOpen(counted(open, "cases"))}` : t.confirmText,
      okText: t.deactivate,
      cancelText: ui.cancel,
      okButtonProps: { danger: true },
      focusable: { autoFocusButton: "cancel" },
      onOk: () =>
        deactivate
          .mutateAsync({ place, id: entry.id })
          .then(({ name, open_cases: left }) => message.success(t.deactivated(name, left.toString())))
          .catch(fail),
    });
  };

  return (place, entry) => {
    if (entry.is_active) void confirmOff(place, entry);
    else
      activate
        .mutateAsync({ place, id: entry.id })
        .then(({ name }) => void message.success(t.activated(name)))
        .catch(fail);
  };
}
