/** Hands content over to the browser's downloads under this name. */
export function saveBlob(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the address after the click; revoking at once would break slow disks.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}
