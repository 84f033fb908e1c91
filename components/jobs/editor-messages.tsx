'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { channelChoicesQuery } from '#components/channels/channel-queries.ts';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { TOLD } from '#core/messages/told.ts';
import { FormField, NumberField, RadioField } from './editor-fields.tsx';
import type { EditorForm } from './editor-form.ts';

/** Who is told of the job's problems. */
export function MessageFields() {
  const t = useTranslations('channels.editor');
  const { control } = useFormContext<EditorForm>();
  const use = useWatch({ control, name: 'messages.use' });
  const { data: choices } = useQuery(channelChoicesQuery);
  const usual = choices?.rule.channels ?? [];
  const hint =
    use === 'default'
      ? t('useHint.default', { channels: usual.length === 0 ? 'none' : usual.join(', ') })
      : t(`useHint.${use}`);
  return (
    <>
      <RadioField
        name="messages.use"
        label={t('use')}
        explanation={hint}
        options={(['default', 'channels', 'none'] as const).map((value) => ({
          value,
          label: t(`useName.${value}`),
        }))}
      />
      {use === 'channels' && (
        <>
          <ChannelsField />
          <ToldField />
          <NumberField
            name="messages.remind"
            label={t('remind')}
            unit={t('remindUnit')}
            explanation={t('remindHint')}
          />
        </>
      )}
    </>
  );
}

function ChannelsField() {
  const t = useTranslations('channels.editor');
  const { control } = useFormContext<EditorForm>();
  const { field } = useController({ control, name: 'messages.channels' });
  const { data: choices, isError } = useQuery(channelChoicesQuery);
  const keys = choices?.channels.map(({ key }) => key) ?? [];
  const gone = choices ? field.value.filter((key) => !keys.includes(key)) : [];
  const change = (key: string, isOn: boolean) => {
    const all = [...keys, ...gone];
    field.onChange(all.filter((one) => (one === key ? isOn : field.value.includes(one))));
  };
  return (
    <FormField name="messages.channels" label={t('channels')} group>
      {!choices && (
        <p className="py-1.5 text-table text-ink-3">{t(isError ? 'loadProblem' : 'loading')}</p>
      )}
      {choices && keys.length + gone.length === 0 && (
        <p className="py-1.5 text-table text-ink-2">{t('noChannels')}</p>
      )}
      {choices?.channels.map(({ key, description }) => (
        <CheckboxLine
          key={key}
          label={<span className="font-mono">{key}</span>}
          hint={description || undefined}
          checked={field.value.includes(key)}
          onCheckedChange={(isOn) => change(key, isOn)}
        />
      ))}
      {gone.map((key) => (
        <CheckboxLine
          key={key}
          label={<span className="font-mono">{t('gone', { name: key })}</span>}
          checked
          onCheckedChange={(isOn) => change(key, isOn)}
        />
      ))}
    </FormField>
  );
}

function ToldField() {
  const t = useTranslations('channels.editor');
  const words = useTranslations('channels.rule.told');
  const { control } = useFormContext<EditorForm>();
  const { field } = useController({ control, name: 'messages.on' });
  return (
    <FormField name="messages.on" label={t('on')} group>
      {TOLD.map((told) => (
        <CheckboxLine
          key={told}
          label={words(told)}
          checked={field.value.includes(told)}
          onCheckedChange={(isOn) =>
            field.onChange(TOLD.filter((one) => (one === told ? isOn : field.value.includes(one))))
          }
        />
      ))}
    </FormField>
  );
}
