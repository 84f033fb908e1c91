'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useAct } from '#components/shell/use-act.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input, Textarea } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { notify } from '#components/ui/toast.tsx';
import { CHANNEL_KINDS } from '#core/channels/channel-kinds.ts';
import type { ChannelView } from '#core/channels/read-channels.ts';
import type { Refusal } from '#core/outcome.ts';
import type { ChannelActions } from './channel-actions.ts';
import { channelsQuery } from './channel-queries.ts';
import { settingsOf, type TypedChannel, typedChannel } from './typed-channel.ts';
import { WebhookFields } from './webhook-fields.tsx';

/** Makes a channel or changes one. What is secret is typed and never shown; what is typed stays when it is refused. */
export function ChannelDialog({
  channel,
  actions,
  onClose,
}: {
  /** Null: a new one. */
  channel: ChannelView | null;
  actions: ChannelActions;
  onClose: () => void;
}) {
  const t = useTranslations('channels');
  const form = useTranslations('channels.form');
  const common = useTranslations('common');
  const client = useQueryClient();
  const { act, pending } = useAct<'save'>();
  const [typed, setTyped] = useState(() => typedChannel(channel));
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const change = (part: Partial<TypedChannel>) => setTyped({ ...typed, ...part });
  const problem = (...path: (string | number)[]) =>
    refusal?.fields?.find((field) => path.every((part, at) => field.path[at] === part))?.message;
  const isNew = channel === null;
  const { kind } = typed;

  const submit = async () => {
    const { key, description } = typed;
    const input = { key: key.trim(), description, settings: settingsOf(typed) };
    const saved = await act(
      'save',
      () =>
        isNew
          ? actions.createChannel(input)
          : actions.editChannel({ ...input, basedOnVersion: channel.version }),
      setRefusal,
    );
    if (!saved) return;
    await client.invalidateQueries({ queryKey: channelsQuery.queryKey });
    notify(form(isNew ? 'created' : 'saved', { key: saved.key }));
    onClose();
  };
  const kept = isNew ? undefined : form('kept');
  return (
    <FormDialog
      title={isNew ? form('newTitle') : form('editTitle', { name: channel.key })}
      sentence={form(isNew ? 'sentence' : 'editSentence')}
      width={kind === 'webhook' ? 600 : 480}
      problem={refusal?.fields?.length ? undefined : refusal?.message}
      submit={form(isNew ? 'create' : 'save')}
      isPending={pending !== null}
      onSubmit={submit}
      onClose={onClose}
    >
      {isNew && (
        <>
          <Field label={form('kind')}>
            <Select
              options={CHANNEL_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
              value={kind}
              onValueChange={(value) => change({ kind: value })}
            />
          </Field>
          <Field label={form('key')} explanation={form('keyHint')} error={problem('key')}>
            <Input
              mono
              data-first
              value={typed.key}
              onChange={(event) => change({ key: event.target.value })}
              autoComplete="off"
              spellCheck={false}
            />
          </Field>
        </>
      )}
      {kind === 'email' ? (
        <Field label={form('to')} explanation={form('toHint')} error={problem('settings', 'to')}>
          <Textarea
            rows={3}
            value={typed.to}
            onChange={(event) => change({ to: event.target.value })}
            spellCheck={false}
          />
        </Field>
      ) : (
        <Field
          label={form('url')}
          explanation={form(`urlHint.${kind}`)}
          error={problem('settings', 'url')}
        >
          <Input
            mono
            value={typed.url}
            placeholder={kept}
            onChange={(event) => change({ url: event.target.value })}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
      )}
      {(kind === 'dingtalk' || kind === 'feishu') && (
        <>
          <CheckboxLine
            label={form('isSigned')}
            checked={typed.isSigned}
            onCheckedChange={(isSigned) => change({ isSigned })}
          />
          {typed.isSigned && (
            <Field
              label={form('secret')}
              explanation={form('secretHint')}
              error={problem('settings', 'secret') ?? problem('secret')}
            >
              <Input
                mono
                type="password"
                value={typed.secret}
                placeholder={kept}
                onChange={(event) => change({ secret: event.target.value })}
                autoComplete="new-password"
              />
            </Field>
          )}
        </>
      )}
      {kind === 'webhook' && (
        <WebhookFields typed={typed} kept={kept} problem={problem} onChange={change} />
      )}
      <Field label={form('description')} aside={common('optional')} error={problem('description')}>
        <Input
          value={typed.description}
          onChange={(event) => change({ description: event.target.value })}
          autoComplete="off"
        />
      </Field>
    </FormDialog>
  );
}
