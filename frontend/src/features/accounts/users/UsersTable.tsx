import { MoreOutlined } from "@ant-design/icons";
import { Button, Dropdown, Space, Table, Tooltip, type TableProps } from "antd";
import type { User } from "@/shared/api/types";
import { useWorkloads } from "@/features/cases/api/workload";
import { listText } from "@/shared/list-text";
import { can, useMe } from "@/shared/session/session";
import { sessionTexts } from "@/shared/session/texts";
import { DateAndAge } from "@/shared/ui/DateAndAge";
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
  const order = (field: string): "ascend" | "descend" | null =>
    view.order === field ? "ascend" : view.order === `-${field}` ? "descend" : null;

  const columns: TableProps<User>["columns"] = [
    {
      key: "full_name",
      width: 250,
      title: t.columns.person,
      sorter: true,
      sortOrder: order("full_name"),
      render: (_, user) => (
        <>
          <Button
            type="link"
            style={{ padding: 0, height: "auto", whiteSpace: "normal", textAlign: "left" }}
            onClick={() => {
              onChange({ user: user.id });
            }}
          >
            {user.full_name}
          </Button>
          <div className="muted" style={{ fontSize: 13 }}>
            {user.username}
            {user.id === me.id ? ` · ${t.you}` : ""}
            <div className={styles.email} title={user.email}>
              {user.email}
            </div>
          </div>
        </>
      ),
    },
    {
      key: "role",
      width: 130,
      title: t.columns.role,
      sorter: true,
      sortOrder: order("role"),
      render: (_, u) => roles[u.role],
    },
    {
      key: "categories",
      width: 180,
      title: t.columns.categories,
      render: (_, user) => <Categories user={user} />,
    },
    {
      key: "workload",
      width: 198,
      title: (
        <Tooltip title={t.workload.hint}>
          <span className="nowrap">{t.columns.workload}</span>
        </Tooltip>
      ),
      render: (_, user) => <WorkloadOf user={user} workload={workloads?.get(user.id)} />,
    },
    {
      key: "last_login_at",
      width: 158,
      title: <span className="nowrap">{t.columns.lastLogin}</span>,
      sorter: true,
      sortOrder: order("last_login_at"),
      render: (_, user) =>
        user.last_login_at ? (
          <DateAndAge at={user.last_login_at} />
        ) : (
          <span className="muted">{t.never}</span>
        ),
    },
    { key: "state", width: 135, title: t.columns.state, render: (_, user) => <UserStateLabel user={user} /> },
    {
      key: "actions",
      title: <span className="visually-hidden">{t.columns.actions}</span>,
      align: "right",
      render: (_, user) => (
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
    <Table<User>
      rowKey="id"
      columns={columns}
      dataSource={users}
      loading={loading}
      tableLayout="fixed"
      scroll={{ x: 1160 }}
      rowClassName={(user) => (user.is_active || user.is_pending ? "" : "row-inactive")}
      pagination={{
        current: view.page,
        pageSize: PAGE_SIZE,
        total,
        hideOnSinglePage: true,
        showSizeChanger: false,
        style: { padding: "0 16px" },
      }}
      onChange={(pagination, _, sorter) => {
        const sorted = Array.isArray(sorter) ? sorter[0] : sorter;
        const field = typeof sorted?.columnKey === "string" && sorted.order ? sorted.columnKey : "full_name";
        onChange({ page: pagination.current ?? 1, order: sorted?.order === "descend" ? `-${field}` : field });
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
