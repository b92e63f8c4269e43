import { Page, Sheet } from "@/shared/ui/Page";
import * as url from "@/shared/url-state";
import { useUrlState } from "@/shared/url-state";
import { ListControls } from "./ListControls";
import { NoticeList } from "./NoticeList";
import { noticeTexts } from "./texts";

interface View {
  unread: boolean | undefined;
}
const view = { unread: url.flag() };

/** The person's whole list. */
export function NoticesScreen() {
  const t = noticeTexts.use();
  const [{ unread }, setView] = useUrlState<View>(view);
  const show = (onlyUnread: boolean): void => {
    setView({ unread: onlyUnread ? true : undefined }, { history: "replace" });
  };
  return (
    <Page title={t.title} narrow>
      <Sheet flush>
        <ListControls onlyUnread={unread === true} onChange={show} />
        <NoticeList
          onlyUnread={unread === true}
          onShowAll={() => {
            show(false);
          }}
        />
      </Sheet>
    </Page>
  );
}
