import { useEffect } from "react";
import { useChannels } from "../api/directories";
import { Combobox } from "../fields/Combobox";
import { Field } from "../fields/Field";
import { fieldTexts } from "../fields/texts";
import { lastChannel } from "./draft";
import { fieldId, focusField, type Registration } from "./use-registration";

/** Most cases of the desk come by phone. */
const USUAL = "Контакт-центр";

/** The channel of the last case, or the usual one, stands there already. */
export function ChannelField({ registration, userId }: { registration: Registration; userId: string }) {
  const ft = fieldTexts.use();
  const { draft, change, errors } = registration;
  const channels = useChannels();
  const isBlank = draft.fields.channel_id === "" && draft.channelText === "";

  useEffect(() => {
    if (!channels || !isBlank) return;
    const last = lastChannel(userId);
    const preset =
      channels.find(({ id }) => id === last) ?? channels.find(({ name }) => name === USUAL) ?? channels[0];
    if (preset && document.activeElement?.id !== fieldId("channel_id"))
      change({ channel_id: preset.id }, { channelText: preset.name });
    // Only when the list arrives or the form is emptied, not while the field is being typed in.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [channels, isBlank]);

  return (
    <Field id={fieldId("channel_id")} label={ft.names.channel_id} error={errors.channel_id} required>
      {(aria) => (
        <Combobox
          aria={aria}
          text={draft.channelText}
          choices={(channels ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(text, picked) => {
            change({ channel_id: picked?.value ?? "" }, { channelText: text });
          }}
          onDone={() => {
            focusField("applicant_email");
          }}
        />
      )}
    </Field>
  );
}
