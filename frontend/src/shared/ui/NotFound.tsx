import { SearchOutlined } from "@ant-design/icons";
import { Button, Input, Space } from "antd";
import { useRouter } from "next/router";
import { useId, useState, type SyntheticEvent } from "react";
import { StateBlock } from "./StateBlock";
import { uiTexts } from "./texts";

/** Nothing at this address: offers the search, which is what most mistyped numbers need. */
export function NotFound({ title, isPage = false }: { title?: string; isPage?: boolean }) {
  const t = uiTexts.use().notFound;
  const router = useRouter();
  const id = useId();
  const [words, setWords] = useState("");
  const search = (event: SyntheticEvent): void => {
    event.preventDefault();
    void router.push({ pathname: "/cases", query: words.trim() ? { search: words.trim() } : {} });
  };
  return (
    <StateBlock
      icon={<SearchOutlined />}
      title={title?.replace(/\.$/u, "") ?? t.title}
      heading={isPage ? "h1" : "h2"}
    >
      <label htmlFor={id}>{t.hint}</label>
      <form onSubmit={search} role="search" aria-label={t.title} style={{ marginTop: 14 }}>
        <Space.Compact style={{ width: "100%", maxWidth: 420 }}>
          <Input
            id={id}
            value={words}
            placeholder={t.label}
            onChange={(event) => {
              setWords(event.target.value);
            }}
          />
          <Button type="primary" htmlType="submit">
            {t.search}
          </Button>
        </Space.Compact>
      </form>
    </StateBlock>
  );
}
