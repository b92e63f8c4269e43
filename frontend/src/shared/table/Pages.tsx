import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { formatNumber } from "../plural";
import styles from "./DataTable.module.css";
import { pageNumbers } from "./order";
import { tableTexts } from "./texts";

export interface Paging {
  page: number;
  pageSize: number;
  total: number;
  onPage: (page: number) => void;
}

/** The way to other pages; nothing where there is one only. */
export function Pages({ page, pageSize, total, onPage }: Paging) {
  const t = tableTexts.use();
  const pages = Math.ceil(total / pageSize);
  if (pages <= 1 && page <= 1) return null;
  return (
    <nav className={styles.pages} aria-label={t.pages}>
      <Button
        type="text"
        icon={<LeftOutlined />}
        disabled={page <= 1}
        aria-label={t.previous}
        onClick={() => {
          onPage(page - 1);
        }}
      />
      {pageNumbers(page, pages).map((number, place) =>
        number === null ? (
          <span key={`gap ${place.toString()}`} className="muted" aria-hidden>
            …
          </span>
        ) : (
          <Button
            key={number}
            type={number === page ? "default" : "text"}
            className="numbers"
            aria-label={t.page(formatNumber(number))}
            aria-current={number === page ? "page" : undefined}
            onClick={() => {
              onPage(number);
            }}
          >
            {formatNumber(number)}
          </Button>
        ),
      )}
      <Button
        type="text"
        icon={<RightOutlined />}
        disabled={page >= pages}
        aria-label={t.next}
        onClick={() => {
          onPage(page + 1);
        }}
      />
    </nav>
  );
}
