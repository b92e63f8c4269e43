import { Tabs } from "antd";
import { Page } from "@/shared/ui/Page";
import { useUrlState } from "@/shared/url-state";
import { logView, type LogView } from "../queries";
import { Jobs } from "./Jobs";
import styles from "./Delivery.module.css";
import { Letters } from "./Letters";
import { deliveryTexts } from "./texts";

/** What became of every letter, and of everything the system does by itself. */
export function DeliveryScreen() {
  const t = deliveryTexts.use().delivery;
  const [view, setView] = useUrlState<LogView>(logView);
  return (
    <Page title={t.title}>
      <Tabs
        className={styles.tabs ?? ""}
        activeKey={view.tab ?? "letters"}
        destroyOnHidden
        items={[
          { key: "letters", label: t.tabs.letters, children: <Letters view={view} onChange={setView} /> },
          { key: "jobs", label: t.tabs.jobs, children: <Jobs /> },
        ]}
        onChange={(key) => {
          setView({ tab: key === "jobs" ? "jobs" : undefined }, { history: "replace" });
        }}
      />
    </Page>
  );
}
