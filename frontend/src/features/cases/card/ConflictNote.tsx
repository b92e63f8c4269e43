import { Alert, Button } from "antd";
import type { FieldName } from "../fields/case-fields";
import type { Choice } from "../fields/Combobox";
import { fieldTexts } from "../fields/texts";
import { apart, type Version } from "./apart";
import styles from "./Card.module.css";
import { fieldsOf } from "./conflict";
import { cardTexts } from "./texts";
import type { CaseEditor } from "./use-case-editor";

interface Props {
  editor: CaseEditor;
  /** Names of entries behind their ids. */
  names: Partial<Record<FieldName, readonly Choice[]>>;
}

/** The note stands above the fields, and whoever has just pressed «save» is looking at the last of them. */
const intoView = (note: HTMLElement | null): void => {
  note?.scrollIntoView({ block: "start" });
};

function Versions({ mine, theirs }: { mine: string; theirs: string }) {
  const t = cardTexts.use();
  const [own, other] = apart(mine, theirs);
  const text = ({ before, own: differs, after }: Version) => (
    <dd>
      {before}
      {differs ? <mark>{differs}</mark> : null}
      {after}
    </dd>
  );
  return (
    <>
      <dt>{t.editor.mine}</dt>
      {text(own)}
      <dt>{t.editor.theirs}</dt>
      {text(other)}
    </>
  );
}

/** What a colleague changed meanwhile: mine beside theirs, field by field. */
export function ConflictNote({ editor, names }: Props) {
  const t = cardTexts.use();
  const ft = fieldTexts.use();
  const { theirs, conflicts, takenOver, fields, resolve } = editor;
  if (!theirs) return null;
  const newest = fieldsOf(theirs);
  const shown = (name: FieldName, value: string): string => {
    const known = names[name]?.find((choice) => choice.value === value)?.label;
    return (known ?? value) || t.events.empty;
  };
  return (
    <div
      key={theirs.version}
      ref={intoView}
      role="group"
      aria-label={t.editor.conflict}
      className={styles.versions}
    >
      <Alert
        type="warning"
        showIcon
        role="alert"
        title={
          <>
            <strong>{t.editor.conflict}.</strong>
            {conflicts.length > 0 ? <div>{t.editor.conflictHint}</div> : null}
            {takenOver.length > 0 ? (
              <div>
                {t.editor.merged(takenOver.map((name) => ft.names[name].toLocaleLowerCase()).join(", "))}
              </div>
            ) : null}
          </>
        }
      />
      {conflicts.map((name) => (
        <section key={name} className={styles.version}>
          <h3>{ft.names[name]}</h3>
          <dl>
            <Versions mine={shown(name, fields[name])} theirs={shown(name, newest[name])} />
          </dl>
          <div className={styles.versionButtons}>
            <Button
              size="small"
              onClick={() => {
                resolve(name, "mine");
              }}
            >
              {t.editor.keepMine}
            </Button>
            <Button
              size="small"
              onClick={() => {
                resolve(name, "theirs");
              }}
            >
              {t.editor.takeTheirs}
            </Button>
          </div>
        </section>
      ))}
    </div>
  );
}
