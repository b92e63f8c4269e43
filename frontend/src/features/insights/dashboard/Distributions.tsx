import type { CaseStatus } from "@/shared/api/types";
import { StatusPill } from "@/shared/ui/StatusPill";
import { uiTexts } from "@/shared/ui/texts";
import { Block } from "../Block";
import { Bars } from "../charts/Bars";
import styles from "../Insights.module.css";
import { registeredHref } from "../links";
import type { Dashboard } from "../queries";
import { insightTexts } from "../texts";
import { dashboardTexts } from "./texts";

const COLORS: Record<CaseStatus, string> = {
  NEW: "var(--new-fg)",
  IN_PROGRESS: "var(--in-progress-fg)",
  NEEDS_INFO: "var(--needs-info-fg)",
  REJECTED: "var(--rejected-fg)",
  DONE: "var(--done-fg)",
};

export function ByStatus({ data }: { data: Dashboard["status_distribution"] }) {
  const t = dashboardTexts.use();
  const names = uiTexts.use().statuses;
  const define = insightTexts.use().define;
  return (
    <Block title={t.distribution} definition={define.distribution} width={4}>
      <Bars
        label={t.distribution}
        bars={data.statuses.map((one) => {
          const status = one.status as CaseStatus;
          return {
            key: status,
            name: "",
            icon: <StatusPill status={status} />,
            said: names[status],
            count: one.count,
            share: one.share,
            previous: one.previous,
            href: registeredHref(data, { status: [status] }),
            color: COLORS[status],
          };
        })}
      />
    </Block>
  );
}

export function TopCategories({ data }: { data: Dashboard["categories"] }) {
  const t = dashboardTexts.use();
  const define = insightTexts.use().define;
  return (
    <Block title={t.top} definition={define.categories} width={4}>
      {data.categories.length === 0 ? <p className={styles.nothing}>{t.nothing}</p> : null}
      <Bars
        label={t.top}
        bars={data.categories.map((one) => ({
          ...one,
          key: one.category.id,
          name: one.category.name,
          href: registeredHref(data, { category_id: one.category.id }),
        }))}
      />
    </Block>
  );
}

export function Channels({ data }: { data: Dashboard["channels"] }) {
  const t = dashboardTexts.use();
  const define = insightTexts.use().define;
  return (
    <Block title={t.channels} definition={define.channels} width={12}>
      {data.channels.length === 0 ? <p className={styles.nothing}>{t.nothing}</p> : null}
      <Bars
        label={t.channels}
        bars={data.channels.map((one) => ({
          ...one,
          key: one.channel.id,
          name: one.channel.name,
          href: registeredHref(data, { channel_id: one.channel.id }),
        }))}
      />
    </Block>
  );
}
