import { MenuFoldOutlined, MenuOutlined, MenuUnfoldOutlined, PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/router";
import { useState, type ReactNode } from "react";
import { menuFolded } from "../preferences";
import { useCan } from "../session/session";
import { useStore } from "../store";
import { LinkButton } from "../ui/LinkButton";
import { useMediaQuery } from "../use-media-query";
import styles from "./Frame.module.css";
import { PersonMenu } from "./PersonMenu";
import { SideMenu } from "./SideMenu";
import { layoutTexts } from "./texts";

const PhoneMenu = dynamic(() => import("./PhoneMenu").then((part) => part.PhoneMenu), { ssr: false });

interface Props {
  /** Search and bell know the domains; the frame only gives them their places. */
  search?: ReactNode;
  bell?: ReactNode;
  children: ReactNode;
}

/** What stands around every page: sections on the left, search and person on top. */
export function Frame({ search, bell, children }: Props) {
  const t = layoutTexts.use();
  const { pathname } = useRouter();
  const isTablet = useMediaQuery("(max-width: 1100px)");
  const isPhone = useMediaQuery("(max-width: 640px)");
  const chosen = useStore(menuFolded);
  const [drawerOpen, setDrawerOpen] = useState(false);
  const mayRegister = useCan("cases.register");
  const folded = isTablet || chosen === "folded";

  return (
    <div className={styles.frame} data-folded={folded}>
      <a href="#content" className={styles.skip}>
        {t.skip}
      </a>
      <header className={styles.bar}>
        {isPhone ? (
          <Button
            type="text"
            icon={<MenuOutlined />}
            aria-label={t.menu}
            onClick={() => {
              setDrawerOpen(true);
            }}
          />
        ) : null}
        <Link href="/cases" prefetch={false} className={styles.brand}>
          <span className={styles.mark} aria-hidden />
          <span className={styles.brandName}>{t.hospital}</span>
        </Link>
        {search}
        <div className={styles.right}>
          {mayRegister && pathname !== "/cases/new" ? (
            <LinkButton type="primary" href="/cases/new" icon={<PlusOutlined />} aria-label={t.newCase}>
              {isPhone ? null : t.newCase}
            </LinkButton>
          ) : null}
          {bell}
          <PersonMenu />
        </div>
      </header>
      {isPhone ? (
        <PhoneMenu
          open={drawerOpen}
          onClose={() => {
            setDrawerOpen(false);
          }}
        />
      ) : (
        <aside className={styles.side}>
          <SideMenu folded={folded} />
          {isTablet ? null : (
            <Button
              type="text"
              className={styles.fold}
              icon={folded ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
              aria-label={folded ? t.unfold : t.fold}
              onClick={() => {
                menuFolded.set(folded ? "open" : "folded");
              }}
            />
          )}
        </aside>
      )}
      <main id="content" tabIndex={-1} className={styles.main}>
        {children}
      </main>
    </div>
  );
}
