import { CopyButton } from "./CopyButton";

/** An address to read, to write to with one click and to copy; the button never stands on a line of its own. */
export function MailLink({ address }: { address: string }) {
  return (
    <span style={{ display: "inline-flex", alignItems: "baseline", maxWidth: "100%" }}>
      <a href={`mailto:${address}`} style={{ overflowWrap: "anywhere", minWidth: 0 }}>
        {address}
      </a>
      <CopyButton value={address} />
    </span>
  );
}
