import { Head, Html, Main, NextScript } from "next/document";

export default function Document() {
  return (
    <Html lang="uk">
      <Head>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <meta name="robots" content="noindex" />
        <meta name="theme-color" content="#0e6386" />
      </Head>
      <body>
        <Main />
        <noscript>Для роботи потрібен браузер із увімкненим JavaScript.</noscript>
        <NextScript />
      </body>
    </Html>
  );
}
