import { formatPhone } from "@/shared/phone";
import styles from "./CaseTable.module.css";

/** A number to read in a row; calling and copying are on the card. */
export function PhoneText({ phone }: { phone: string }) {
  return <span className={`numbers ${styles.second ?? ""}`}>{formatPhone(phone)}</span>;
}
