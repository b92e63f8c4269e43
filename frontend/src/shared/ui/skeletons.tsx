import { Skeleton } from "antd";
import styles from "./skeletons.module.css";
import { uiTexts } from "./texts";

/** Rows in the place where a list will be. */
export function ListSkeleton({ rows = 8 }: { rows?: number }) {
  const t = uiTexts.use();
  return (
    <div className={styles.list} aria-busy="true">
      <span className="visually-hidden" role="status">
        {t.loading}
      </span>
      {Array.from({ length: rows }, (_, index) => (
        <div className={styles.row} key={index}>
          <Skeleton.Input size="small" style={{ width: 90, minWidth: 90 }} />
          <Skeleton.Input size="small" block style={{ minWidth: 0 }} />
          <Skeleton.Input size="small" style={{ width: 120, minWidth: 120 }} />
        </div>
      ))}
    </div>
  );
}

/** Lines of text in the place where a card or a form will be. */
export function CardSkeleton({ lines = 6 }: { lines?: number }) {
  return (
    <div style={{ padding: 20 }} aria-busy="true">
      <Skeleton title paragraph={{ rows: lines }} />
    </div>
  );
}

/** The outline of the desk, while it is not yet known who is here. */
export function FrameSkeleton() {
  return (
    <div className={styles.frame} aria-busy="true">
      <div className={styles.bar} />
      <div className={styles.side} />
      <div className={styles.main}>
        <ListSkeleton />
      </div>
    </div>
  );
}
