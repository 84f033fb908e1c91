'use client';

import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button, IconButton } from '#components/ui/button.tsx';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Textarea } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { WEBHOOK_METHODS } from '#core/channels/channel-kinds.ts';
import { PLACEHOLDERS } from '#core/channels/placeholders.ts';
import type { TypedChannel } from './typed-channel.ts';

/** What a webhook sends: method, headers, body. */
export function WebhookFields({
  typed,
  kept,
  problem,
  onChange,
}: {
  typed: TypedChannel;
  /** Where a value was saved before: what stands in its empty field. */
  kept: string | undefined;
  problem: (...path: (string | number)[]) => string | undefined;
  onChange: (part: Partial<TypedChannel>) => void;
}) {
  const t = useTranslations('channels.form');
  return (
    <>
      <div className="grid grid-cols-2 gap-4 phone:grid-cols-1">
        <Field label={t('method')}>
          <Select
            options={WEBHOOK_METHODS.map((value) => ({ value, label: value }))}
            value={typed.method}
            onValueChange={(method) => onChange({ method })}
          />
        </Field>
        <Field label={t('contentType')} error={problem('settings', 'contentType')}>
          <Input
            mono
            value={typed.contentType}
            onChange={(event) => onChange({ contentType: event.target.value })}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
      </div>
      <HeaderFields {...{ typed, kept, problem, onChange }} />
      <Field
        label={t('body')}
        explanation={t('bodyHint', {
          names: PLACEHOLDERS.map((name) => `{{${name}}}`).join(' '),
        })}
        error={problem('settings', 'body')}
      >
        <Textarea
          mono
          rows={5}
          value={typed.body}
          onChange={(event) => onChange({ body: event.target.value })}
          spellCheck={false}
        />
      </Field>
      <CheckboxLine
        label={t('hasSecret')}
        hint={t('hasSecretHint', { name: '{{secret}}' })}
        checked={typed.hasSecret}
        onCheckedChange={(hasSecret) => onChange({ hasSecret })}
      />
      {typed.hasSecret && (
        <Field label={t('bodySecret')} error={problem('settings', 'secret')}>
          <Input
            mono
            type="password"
            value={typed.secret}
            placeholder={kept}
            onChange={(event) => onChange({ secret: event.target.value })}
            autoComplete="new-password"
          />
        </Field>
      )}
      <CheckboxLine
        label={t('isGrouped')}
        hint={t('isGroupedHint')}
        checked={typed.isGrouped}
        onCheckedChange={(isGrouped) => onChange({ isGrouped })}
      />
    </>
  );
}

function HeaderFields({
  typed: { headers },
  kept,
  problem,
  onChange,
}: Parameters<typeof WebhookFields>[0]) {
  const t = useTranslations('channels.form');
  const set = (at: number, part: Partial<TypedChannel['headers'][number]>) =>
    onChange({ headers: headers.map((one, n) => (n === at ? { ...one, ...part } : one)) });
  return (
    <Field
      label={t('headers')}
      group
      explanation={t('headersHint')}
      error={problem('settings', 'headers')}
    >
      <div className="grid gap-2">
        {headers.map(({ name, value }, at) => (
          // Lines have no name of their own, and none changes its place.
          <div key={at} className="flex gap-2">
            <Input
              mono
              aria-label={t('headerName', { number: at + 1 })}
              placeholder={t('nameHint')}
              value={name}
              onChange={(event) => set(at, { name: event.target.value })}
              autoComplete="off"
              spellCheck={false}
            />
            <Input
              mono
              type="password"
              aria-label={t('headerValue', { number: at + 1 })}
              value={value}
              placeholder={kept ?? t('valueHint')}
              onChange={(event) => set(at, { value: event.target.value })}
              autoComplete="new-password"
            />
            <IconButton
              label={t('removeHeader', { number: at + 1 })}
              onClick={() => onChange({ headers: headers.filter((_, n) => n !== at) })}
            >
              <X aria-hidden />
            </IconButton>
          </div>
        ))}
        <div>
          <Button
            size="small"
            icon={<Plus aria-hidden />}
            onClick={() => onChange({ headers: [...headers, { name: '', value: '' }] })}
          >
            {t('addHeader')}
          </Button>
        </div>
      </div>
    </Field>
  );
}
