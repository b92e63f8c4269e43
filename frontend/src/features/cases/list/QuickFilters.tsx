import { FieldTimeOutlined, FilterOutlined, WarningOutlined } from "@ant-design/icons";
import { Badge, Button } from "antd";
import type { ReactNode } from "react";
import { CASE_STATUSES, type Me } from "@/shared/api/types";
import { uiTexts } from "@/shared/ui/texts";
import { scopeInUse, scopesOf, toggled, type ListState, type Scope } from "./filters";
import styles from "./Filters.module.css";
import { listTexts } from "./texts";

interface Props {
  state: ListState;
  me: Me;
  onChange: (change: Partial<ListState>) => void;
  /** How many filters of the panel are on. */
  moreCount: number;
  onMore: () => void;
  moreOpen: boolean;
}

function Toggle({
  on,
  onClick,
  icon,
  children,
}: {
  on: boolean;
  onClick: () => void;
  icon?: ReactNode;
  children: ReactNode;
}) {
  return (
    <button type="button" className={styles.toggle} aria-pressed={on} onClick={onClick}>
      {icon}
      {children}
    </button>
  );
}

/** The row above the list: whose cases, and the filters needed every hour. */
export function QuickFilters({ state, me, onChange, moreCount, onMore, moreOpen }: Props) {
  const t = listTexts.use();
  const words = uiTexts.use().statuses;
  const scopes = scopesOf(me.role);
  const scope = scopeInUse(state, me.role);
  const choose = (next: Scope): void => {
    onChange({ scope: next === scopes[0] ? undefined : next });
  };
  return (
    <div className={styles.frame}>
      <div className={styles.row}>
        {scopes.length > 1 ? (
          <div className={styles.scopes} role="group" aria-label={t.scope.label}>
            {scopes.map((one) => (
              <button
                key={one}
                type="button"
                className={styles.scope}
                aria-pressed={one === scope}
                onClick={() => {
                  choose(one);
                }}
              >
                {t.scope[one]}
              </button>
            ))}
          </div>
        ) : null}
        <div className={styles.toggles} role="group" aria-label={t.quick.label}>
          {CASE_STATUSES.map((status) => (
            <Toggle
              key={status}
              on={state.status.includes(status)}
              onClick={() => {
                onChange({ status: toggled(state.status, status) });
              }}
            >
              <span className={styles.dot} data-status={status} aria-hidden />
              {words[status]}
            </Toggle>
          ))}
          <span className={styles.split} aria-hidden />
          <Toggle
            on={state.overdue === true}
            icon={<WarningOutlined aria-hidden />}
            onClick={() => {
              onChange({ overdue: state.overdue ? undefined : true });
            }}
          >
            {t.quick.overdue}
          </Toggle>
          <Toggle
            on={state.stale === true}
            icon={<FieldTimeOutlined aria-hidden />}
            onClick={() => {
              onChange({ stale: state.stale ? undefined : true });
            }}
          >
            {t.quick.stale}
          </Toggle>
        </div>
        <Badge className={styles.more} count={moreCount} size="small" color="var(--primary)">
          <Button
            icon={<FilterOutlined />}
            aria-expanded={moreOpen}
            title={t.quick.more}
            aria-label={moreCount ? t.quick.moreCount(moreCount.toString()) : t.quick.more}
            onClick={onMore}
          >
            <span className={styles.moreWord}>{t.quick.more}</span>
          </Button>
        </Badge>
      </div>
    </div>
  );
}
