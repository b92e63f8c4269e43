import { Button, type ButtonProps } from "antd";
import { useRouter } from "next/router";
import type { MouseEvent } from "react";

/** A button that goes somewhere: a real link (new tab, copy address), moved to without reloading. */
export function LinkButton({ href, ...rest }: Omit<ButtonProps, "onClick" | "htmlType"> & { href: string }) {
  const router = useRouter();
  const go = (event: MouseEvent<HTMLElement>): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    void router.push(href);
  };
  return <Button {...rest} href={href} onClick={go} />;
}
