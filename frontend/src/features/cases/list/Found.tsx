import type { CaseRow, Highlight } from "@/shared/api/types";
import styles from "./Found.module.css";
import { listTexts } from "./texts";

type Field = Highlight["field"];

// Left out of the answer when nothing was searched for.
const highlightOf = (row: CaseRow, field: Field): Highlight | undefined =>
  (row.highlights as Highlight[] | undefined)?.find((one) => one.field === field);

function Pieces({ highlight }: { highlight: Highlight }) {
  return highlight.fragments.map((piece, place) =>
    // The pieces never change places: they are one text.
    piece.is_match ? <mark key={place}>{piece.text}</mark> : <span key={place}>{piece.text}</span>,
  );
}

/** A field of a case with what was searched for marked in it, around the place where it was found. */
export function Found({ row, field }: { row: CaseRow; field: "applicant_name" | "summary" }) {
  const highlight = highlightOf(row, field);
  return highlight ? <Pieces highlight={highlight} /> : row[field];
}

/** What was found where the list shows nothing: in a comment or in the e-mail. */
export function FoundElsewhere({ row }: { row: CaseRow }) {
  const t = listTexts.use().foundIn;
  const comment = highlightOf(row, "comment");
  const email = highlightOf(row, "applicant_email");
  if (!comment && !email) return null;
  return (
    <span className={styles.elsewhere}>
      {comment ? (
        <span>
          {t.comment}: <Pieces highlight={comment} />
        </span>
      ) : null}
      {email ? (
        <span>
          {t.email}: <Pieces highlight={email} />
        </span>
      ) : null}
    </span>
  );
}
