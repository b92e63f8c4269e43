import { FileExcelOutlined, FileImageOutlined, FilePdfOutlined, FileWordOutlined } from "@ant-design/icons";
import { extensionOf } from "./check";
import styles from "./Files.module.css";

/** The kind of a file by its name; the name beside it says the rest. */
export function FileIcon({ name }: { name: string }) {
  const extension = extensionOf(name);
  const kind =
    extension === "pdf"
      ? "pdf"
      : extension.startsWith("doc")
        ? "doc"
        : extension.startsWith("xls")
          ? "xls"
          : "img";
  const icons = {
    pdf: <FilePdfOutlined />,
    doc: <FileWordOutlined />,
    xls: <FileExcelOutlined />,
    img: <FileImageOutlined />,
  };
  return (
    <span className={styles.icon} data-kind={kind} aria-hidden>
      {icons[kind]}
    </span>
  );
}
