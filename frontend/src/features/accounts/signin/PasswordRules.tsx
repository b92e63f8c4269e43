import { CheckCircleFilled, MinusCircleOutlined } from "@ant-design/icons";
import type { PasswordRule } from "./password-rules";
import styles from "./Doorstep.module.css";
import { signInTexts } from "./texts";

/** The rules, each ticked off while the person types. */
export function PasswordRules({ result }: { result: Partial<Record<PasswordRule, boolean>> }) {
  const t = signInTexts.use().change;
  const rules = Object.entries(result) as [PasswordRule, boolean][];
  return (
    <div id="password-rules" style={{ margin: "-6px 0 18px", fontSize: 13 }}>
      <ul className={styles.rules} aria-label={t.rulesTitle}>
        {rules.map(([rule, met]) => (
          <li key={rule} style={{ color: met ? "var(--done-fg)" : "var(--muted)" }}>
            {met ? <CheckCircleFilled aria-hidden /> : <MinusCircleOutlined aria-hidden />} {t.rules[rule]}
            <span className="visually-hidden">{met ? t.met : t.unmet}</span>
          </li>
        ))}
      </ul>
      <span className="muted">{t.common}</span>
    </div>
  );
}
