import { MoreOutlined } from "@ant-design/icons";
import { Button, Dropdown, Space, Tooltip } from "antd";
import type { User } from "@/shared/api/types";
import { useWorkloads } from "@/features/cases/api/workload";
import { listText } from "@/shared/list-text";
import { can, useMe } from "@/shared/session/session";
import { sessionTexts } from "@/shared/session/texts";
import type { Column } from "@/shared/table/columns";
import { DataTable } from "@/shared/table/DataTable";
import { DateAndAge } from "@/shared/ui/DateAndAge";
import { RelativeAge } from "@/shared/ui/RelativeAge";
import { PAGE_SIZE, type UsersView } from "./queries";
import { UserStateLabel } from "./state";
import styles from "./Users.module.css";
import { userTexts } from "./texts";
import type { UserActions } from "./use-user-actions";
import { WorkloadOf } from "./WorkloadOf";

interface Props {
  users: User[];
  total: number;
  view: UsersView;
  loading: boolean;
  actions: UserActions;
  onChange: (change: Partial<UsersView>) => void;
}

export function UsersTable({ users, total, view, loading, actions, onChange }: Props) {
  const t = userTexts.use();
  const roles = sessionTexts.use().roles;
  const me = useMe();
  const workloads = useWorkloads(can(me, "insights.read"));

  const columns: Column<User>[] = [
    {
      key: "full_name",
      width: 230,
      title: t.columns.person,
      sort: "server",
      render: (user) => (
        <>
          <button
            type="button"
            className={styles.name}
            onClick={() => {
              onChange({ user: user.id });
            }}
          >
            {user.full_name}
          </button>
          <div className="muted" style={{ fontSize: 13 }}>
            {user.username}
            {user.id === me.id ? ` · ${t.you}` : ""}
            <div className="below-desktop">
              {roles[user.role]}
              {user.role === "EXECUTOR" ? (
                <>
                  {": "}
                  <Categories user={user} />
                </>
              ) : null}
            </div>
            <div className={styles.email} title={user.email}>
              {user.email}
            </div>
          </div>
        </>
      ),
    },
    {
      key: "role",
      title: t.columns.role,
      from: "desktop",
      sort: "server",
      render: (u) => roles[u.role],
    },
    {
      key: "categories",
      title: t.columns.categories,
      from: "desktop",
      render: (user) => <Categories user={user} />,
    },
    {
      key: "workload",
      title: (
        <Tooltip title={t.workload.hint}>
          <span className="nowrap">{t.columns.workload}</span>
        </Tooltip>
      ),
      render: (user) => <WorkloadOf user={user} workload={workloads?.get(user.id)} />,
    },
    {
      key: "last_login_at",
      title: <span className="nowrap">{t.columns.lastLogin}</span>,
      from: "desktop",
      sort: "server",
      render: (user) =>
        user.last_login_at ? (
          <DateAndAge at={user.last_login_at} />
        ) : (
          <span className="muted">{t.never}</span>
        ),
    },
    {
      key: "state",
      title: t.columns.state,
      render: (user) => (
        <>
          <UserStateLabel user={user} />
          {user.last_login_at ? (
            <span className="below-desktop muted" style={{ fontSize: 13 }}>
              {t.columns.lastLogin}: <RelativeAge at={user.last_login_at} />
            </span>
          ) : null}
        </>
      ),
    },
    {
      key: "actions",
      title: <span className="visually-hidden">{t.columns.actions}</span>,
      align: "buttons",
      render: (user) => (
        <Space size={4}>
          {user.is_pending ? (
            <Button size="small" type="primary" onClick={() => actions.approve(user)}>
              {t.actions.approve}
            </Button>
          ) : null}
          <Dropdown trigger={["click"]} menu={{ items: actions.menuFor(user) }}>
            <Button type="text" icon={<MoreOutlined />} aria-label={t.actions.more(user.full_name)} />
          </Dropdown>
        </Space>
      ),
    },
  ];

  return (
    <DataTable
      caption={t.title}
      columns={columns}
      rows={users}
      keyOf={(user) => user.id}
      isOld={loading}
      minWidth={690}
      rowClass={(user) => (user.is_active || user.is_pending ? "" : "row-inactive")}
      order={view.order}
      onOrder={(order) => {
        onChange({ order, page: 1 });
      }}
      paging={{
        page: view.page,
        pageSize: PAGE_SIZE,
        total,
        onPage: (page) => {
          onChange({ page });
        },
      }}
    />
  );
}

/** The first categories by name; the rest on hover. */
function Categories({ user }: { user: User }) {
  const t = userTexts.use();
  if (user.role !== "EXECUTOR") return <span className="muted">—</span>;
  const names = user.category_access.map((category) => category.name);
  if (names.length === 0 && !user.is_active) return <span className="muted">—</span>;
  if (names.length === 0) return <span style={{ color: "var(--in-progress-fg)" }}>{t.noCategories}</span>;
  const [first] = names;
  if (names.length === 1) return first;
  return (
    <Tooltip title={listText(names)}>
      <span>
        {first} <span className="muted nowrap">+{names.length - 1}</span>
      </span>
    </Tooltip>
  );
}
