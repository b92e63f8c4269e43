import { dayText } from "../days";
import { plural } from "@/shared/plural";
import { peopleTexts } from "../texts";
import { ageOn } from "./patient-values";

/** `12.04.2019 · 7 років`. */
export function BirthDate({ date }: { date: string | null }) {
  const t = peopleTexts.use();
  if (!date) return <span className="muted">{t.none}</span>;
  const age = ageOn(date, new Date());
  return (
    <span className="numbers nowrap">
      {dayText(date)}
      {age ? (
        <span className="muted">
          {" · "}
          {"years" in age ? plural(age.years, t.years) : plural(age.months, t.months)}
        </span>
      ) : null}
    </span>
  );
}
