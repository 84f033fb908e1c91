'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { useAct } from '#components/shell/use-act.ts';
import { Button } from '#components/ui/button.tsx';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { notify } from '#components/ui/toast.tsx';
import { numberOf } from '#components/ui/typed-number.ts';
import type { MessageRule } from '#core/messages/rule.ts';
import { type Told, TOLD } from '#core/messages/told.ts';
import type { Refusal } from '#core/outcome.ts';
import type { ChannelActions } from './channel-actions.ts';
import { channelsQuery } from './channel-queries.ts';

type Typed = { channels: string[]; on: Told[]; remind: string };

/** Whom the installation tells of every job that says nothing else. */
export function RuleForm({
  rule,
  channels,
  mayWrite,
  changeMessageRule,
}: {
  rule: MessageRule;
  channels: readonly string[];
  mayWrite: boolean;
  changeMessageRule: ChannelActions['changeMessageRule'];
}) {
  const t = useTranslations('channels.rule');
  const who = useTranslations('whoMay');
  const client = useQueryClient();
  const { act, pending } = useAct<'save'>();
  // Null: what is saved, also when somebody else changes it meanwhile.
  const [typed, setTyped] = useState<Typed | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const shown = typed ?? typedOf(rule);
  const problem = (field: string) =>
    refusal?.fields?.find(({ path }) => path[0] === field)?.message;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { remind, ...chosen } = shown;
    const remindHours = remind.trim() === '' ? null : numberOf(remind);
    const saved = await act(
      'save',
      () => changeMessageRule({ ...chosen, remindHours }),
      setRefusal,
    );
    if (!saved) return;
    await client.invalidateQueries({ queryKey: channelsQuery.queryKey });
    setTyped(null);
    setRefusal(null);
    notify(t('saved'));
  };
  const isChanged = JSON.stringify(shown) !== JSON.stringify(typedOf(rule));
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
      <Field label={t('channels')} group error={problem('channels')}>
        {channels.length === 0 ? (
          <p className="py-1.5 text-table text-ink-3">{t('noChannels')}</p>
        ) : (
          channels.map((key) => (
            <CheckboxLine
              key={key}
              label={<span className="font-mono">{key}</span>}
              checked={shown.channels.includes(key)}
              disabled={!mayWrite}
              onCheckedChange={(isOn) =>
                setTyped({ ...shown, channels: switched(channels, shown.channels, key, isOn) })
              }
            />
          ))
        )}
      </Field>
      {channels.length > 0 && shown.channels.length === 0 && (
        <p className="text-table text-time-ink">{t('nobody')}</p>
      )}
      <Field label={t('on')} group error={problem('on')}>
        {TOLD.map((told) => (
          <CheckboxLine
            key={told}
            label={t(`told.${told}`)}
            checked={shown.on.includes(told)}
            disabled={!mayWrite}
            onCheckedChange={(isOn) =>
              setTyped({ ...shown, on: switched(TOLD, shown.on, told, isOn) })
            }
          />
        ))}
      </Field>
      <Field label={t('remind')} explanation={t('remindHint')} error={problem('remindHours')}>
        <span className="flex items-center gap-2 text-table text-ink-2">
          <Input
            inputMode="numeric"
            value={shown.remind}
            onChange={(event) => setTyped({ ...shown, remind: event.target.value })}
            disabled={!mayWrite}
            autoComplete="off"
            className="w-24"
          />
          {t('remindUnit')}
        </span>
      </Field>
      {refusal && !refusal.fields && (
        <p role="alert" className="text-table text-fail-ink">
          {refusal.message}
        </p>
      )}
      <div>
        <Button
          type="submit"
          pending={pending !== null}
          disabled={!mayWrite || !isChanged}
          title={mayWrite ? undefined : who('channel:write')}
        >
          {t('save')}
        </Button>
      </div>
    </form>
  );
}

const typedOf = ({ channels, on, remindHours }: MessageRule): Typed => ({
  channels,
  on,
  remind: remindHours === null ? '' : String(remindHours),
});

/** In the order of `all`, so that ticking back and forth changes nothing. */
function switched<Value extends string>(
  all: readonly Value[],
  chosen: readonly Value[],
  value: Value,
  isOn: boolean,
): Value[] {
  return all.filter((one) => (one === value ? isOn : chosen.includes(one)));
}
