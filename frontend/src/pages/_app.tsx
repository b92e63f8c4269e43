import { QueryClientProvider } from "@tanstack/react-query";
import type { AppProps } from "next/app";
import { useState, type ReactNode } from "react";
import { SignInAgain } from "@/features/accounts/SignInAgain";
import { KeyHelp } from "@/features/cases/keys/KeyHelp";
import { MenuCounts } from "@/features/desk/MenuCounts";
import { NewVersion } from "@/features/desk/NewVersion";
import { SearchBox } from "@/features/desk/search/SearchBox";
import { AlarmStrip } from "@/features/notifications/AlarmStrip";
import { Bell } from "@/features/notifications/Bell";
import { createQueryClient } from "@/shared/api/query-client";
import { Frame } from "@/shared/layout/Frame";
import { OfflineStrip } from "@/shared/layout/OfflineStrip";
import type { DeskPage } from "@/shared/session/access-rule";
import { Guard } from "@/shared/session/Guard";
import { Appearance } from "@/shared/theme";
import { useIsInBrowser } from "@/shared/use-is-in-browser";
import "@/shared/styles/globals.css";

type Props = AppProps & { Component: DeskPage };

const inFrame = (content: ReactNode) => (
  <Frame search={<SearchBox />} bell={<Bell />}>
    <AlarmStrip />
    {content}
    <MenuCounts />
    <KeyHelp />
  </Frame>
);

export default function DeskApp({ Component, pageProps }: Props) {
  const [client] = useState(createQueryClient);
  // The exported HTML is the same for everybody; language, theme and person are known only in the browser.
  const isInBrowser = useIsInBrowser();
  if (!isInBrowser) return null;
  const page = <Component {...pageProps} />;
  return (
    <QueryClientProvider client={client}>
      <Appearance>
        <Guard
          access={Component.access ?? "signed-in"}
          frame={(content) => (Component.bare ? content : inFrame(content))}
        >
          {page}
        </Guard>
        <SignInAgain />
        <OfflineStrip />
        <NewVersion />
      </Appearance>
    </QueryClientProvider>
  );
}
