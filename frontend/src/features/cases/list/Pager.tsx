import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useId } from "react";
import { formatNumber } from "@/shared/plural";
import { PAGE_SIZES } from "./filters";
import styles from "./Pager.module.css";
import { listTexts } from "./texts";

interface Props {
  page: number;
  pageSize: number;
  total: number;
  onPage: (page: number) => void;
  onPageSize: (size: number) => void;
}

export function Pager({ page, pageSize, total, onPage, onPageSize }: Props) {
  const t = listTexts.use();
  const id = useId();
  const pages = Math.max(1, Math.ceil(total / pageSize));
  return (
    <nav className={styles.pager} aria-label={t.pages}>
      <span className={styles.size}>
        <label htmlFor={id}>{t.pageSize}</label>
        <select
          id={id}
          value={pageSize}
          onChange={(event) => {
            onPageSize(Number(event.target.value));
          }}
        >
          {[...new Set([...PAGE_SIZES, pageSize])].map((size) => (
            <option key={size} value={size}>
              {size}
            </option>
          ))}
        </select>
      </span>
      <span className="numbers" aria-live="polite">
        {t.page(formatNumber(page), formatNumber(pages))}
      </span>
      <span className={styles.steps}>
        <Button
          icon={<LeftOutlined />}
          disabled={page <= 1}
          aria-label={t.previous}
          onClick={() => {
            onPage(page - 1);
          }}
        />
        <Button
          icon={<RightOutlined />}
          disabled={page >= pages}
          aria-label={t.next}
          onClick={() => {
            onPage(page + 1);
          }}
        />
      </span>
    </nav>
  );
}
