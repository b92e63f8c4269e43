import { Tooltip } from "antd";
import Link from "next/link";
import { useRouter } from "next/router";
import { useMe } from "../session/session";
import { formatNumber } from "../plural";
import { useMenuCounts, type MenuCount } from "./menu-counts";
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
  const counts = useMenuCounts();
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
            <Tooltip title={tipOf(folded ? t[section.name] : null, counts[section.name])} placement="right">
              <Link
                href={section.href}
                // Every section at once would weigh more than the page one came for; pointing at one fetches it.
                prefetch={false}
                className={styles.link}
                aria-current={section === current ? "page" : undefined}
                onClick={onNavigate}
              >
                <span className={styles.icon} aria-hidden>
                  {section.icon}
                </span>
                <span className={folded ? "visually-hidden" : undefined}>{t[section.name]}</span>
                <Waiting waiting={counts[section.name]} />
              </Link>
            </Tooltip>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const tipOf = (name: string | null, waiting: MenuCount | undefined): string | null =>
  [name, waiting?.words].filter((part) => part != null).join(" · ") || null;

/** How much waits behind the entry. The number is read out with its words, not alone. */
function Waiting({ waiting }: { waiting: MenuCount | undefined }) {
  if (!waiting) return null;
  return (
    <>
      <span className={styles.count} data-late={waiting.isLate} aria-hidden>
        {waiting.count > 999 ? "999+" : formatNumber(waiting.count)}
      </span>
      {/* A piece of its own: a comma before it would be read as standing after a space. */}
      <span className="visually-hidden">{waiting.words}</span>
    </>
  );
}
