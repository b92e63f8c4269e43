import { CheckCircleFilled, ExclamationCircleFilled } from "@ant-design/icons";
import { formatNumber } from "@/shared/plural";
import { Block } from "../Block";
import { ChangeNote } from "../ChangeNote";
import { percentText, pointsOf } from "../compare";
import type { Target } from "../queries";
import { insightTexts } from "../texts";
import styles from "./Dashboard.module.css";
import { dashboardTexts } from "./texts";

/** Where the hospital stands against what it has promised. */
export function Targets({ targets }: { targets: Target[] }) {
  const t = dashboardTexts.use();
  const define = insightTexts.use().define;
  return (
    <Block title={t.targets} definition={define.targets} width={6}>
      <ul className={styles.targets}>
        {targets.map((target) => (
          <OneTarget key={target.code} target={target} />
        ))}
      </ul>
    </Block>
  );
}

function OneTarget({ target }: { target: Target }) {
  const t = dashboardTexts.use();
  const { share, goal } = target;
  const change = pointsOf(share, target.previous.share);
  const name = t.targetNames[target.code];
  const isReached = share !== null && share >= goal;
  return (
    <li>
      <div className={styles.targetTop}>
        <span>{name}</span>
        <span className="muted">{t.goal(`≥\u00a0${percentText(goal)}`)}</span>
      </div>
      {share === null ? (
        <p className="muted">{t.notDue}</p>
      ) : (
        <>
          <div className={styles.targetValue} data-reached={isReached}>
            <strong>{percentText(share)}</strong>
            <span>
              {isReached ? <CheckCircleFilled aria-hidden /> : <ExclamationCircleFilled aria-hidden />}{" "}
              {isReached ? t.reached : t.missed(pointsOf(goal, share)?.words.replace(/^\+/, "") ?? "")}
            </span>
          </div>
          <div className={styles.targetTrack} data-reached={isReached} aria-hidden>
            <div style={{ width: `${(share * 100).toString()}%` }} />
            <i style={{ left: `${(goal * 100).toString()}%` }} />
          </div>
          <div className={styles.targetBelow}>
            <span className="muted">{t.of(formatNumber(target.met), formatNumber(target.due))}</span>
            {change ? <ChangeNote change={change} before={percentText(target.previous.share)} /> : null}
          </div>
        </>
      )}
    </li>
  );
}
