import { QueryClientProvider } from "@tanstack/react-query";
import type { AppProps } from "next/app";
import { useState } from "react";
import { SignInAgain } from "@/features/accounts/SignInAgain";
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
          frame={(content) => (Component.bare ? content : <Frame bell={<Bell />}>{content}</Frame>)}
        >
          {page}
        </Guard>
        <SignInAgain />
        <OfflineStrip />
      </Appearance>
    </QueryClientProvider>
  );
}
