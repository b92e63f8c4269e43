import { Tooltip } from "antd";
import Link from "next/link";
import { useRouter } from "next/router";
import { useMe } from "../session/session";
import { currentSection, sectionsFor } from "./sections";
import styles from "./SideMenu.module.css";
import { layoutTexts } from "./texts";

interface Props {
  folded: boolean;
  onNavigate?: () => void;
}

export function SideMenu({ folded, onNavigate }: Props) {
  const t = layoutTexts.use();
  const me = useMe();
  const { pathname } = useRouter();
  const current = currentSection(pathname, me);
  return (
    <nav
      aria-label={t.sections}
      className={folded ? `${styles.nav ?? ""} ${styles.folded ?? ""}` : styles.nav}
    >
      <ul className={styles.list}>
        {sectionsFor(me).map((section) => (
          <li key={section.name}>
            {section.group ? (
              <div className={styles.group} aria-hidden={folded}>
                {folded ? "" : t[section.group]}
              </div>
            ) : null}
            <Tooltip title={folded ? t[section.name] : null} placement="right">
              <Link
                href={section.href}
                className={styles.link}
                aria-current={section === current ? "page" : undefined}
                onClick={onNavigate}
              >
                <span className={styles.icon} aria-hidden>
                  {section.icon}
                </span>
                <span className={folded ? "visually-hidden" : undefined}>{t[section.name]}</span>
              </Link>
            </Tooltip>
          </li>
        ))}
      </ul>
    </nav>
  );
}
