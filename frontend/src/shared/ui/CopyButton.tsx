import { CheckOutlined, CopyOutlined } from "@ant-design/icons";
import { App, Button, Tooltip } from "antd";
import { useEffect, useState } from "react";
import { copyText } from "../copy-text";
import { uiTexts } from "./texts";

interface Props {
  value: string;
  /** What is copied, for screen readers: «Скопіювати номер звернення». */
  label?: string;
  /** Shows the words beside the icon. */
  withText?: boolean;
}

export function CopyButton({ value, label, withText = false }: Props) {
  const t = uiTexts.use();
  const { message } = App.useApp();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => {
      setCopied(false);
    }, 1500);
    return () => {
      clearTimeout(timer);
    };
  }, [copied]);
  const copy = async (): Promise<void> => {
    if (await copyText(value)) setCopied(true);
    else void message.error(t.copyFailed);
  };
  const name = copied ? t.copied : (label ?? t.copy);
  const button = (
    <Button
      type={withText ? "default" : "text"}
      size={withText ? "middle" : "small"}
      icon={copied ? <CheckOutlined /> : <CopyOutlined />}
      aria-label={name}
      onClick={() => void copy()}
    >
      {withText ? (copied ? t.copied : t.copy) : null}
    </Button>
  );
  return (
    <>
      {withText ? button : <Tooltip title={name}>{button}</Tooltip>}
      <span className="visually-hidden" aria-live="polite">
        {copied ? t.copied : ""}
      </span>
    </>
  );
}
