'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { jobChoicesQuery } from '#components/jobs/job-list-queries.ts';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import type { Grant } from '#core/auth/grants.ts';

type Label = NonNullable<Grant['label']>;

const textOf = ({ name, value }: Label) => (name === '' ? '' : `${name}=${value}`);

/** One label, typed or taken from those that jobs carry; says how many carry it. */
export function GrantLabel({
  label,
  onChange,
  error,
}: {
  label: Label;
  onChange: (label: Label) => void;
  error: string | undefined;
}) {
  const t = useTranslations('settings.grants');
  const list = useId();
  const { data: choices } = useQuery(jobChoicesQuery);
  const [typed, setTyped] = useState(() => textOf(label));
  const used = choices?.labels.find(({ name, value }) => textOf({ name, value }) === typed.trim());
  const type = (text: string) => {
    setTyped(text);
    const [name = '', ...value] = text.trim().split('=');
    onChange({ name, value: value.join('=') });
  };
  return (
    <Field
      label={t('label')}
      error={error}
      explanation={
        typed.trim() === '' || choices === undefined
          ? t('labelHint')
          : t('carriedBy', { jobs: used?.jobs ?? 0 })
      }
    >
      <Input
        mono
        list={list}
        className="[&::-webkit-calendar-picker-indicator]:opacity-50"
        placeholder="team=billing"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={typed}
        onChange={({ target }) => type(target.value)}
      />
      <datalist id={list}>
        {choices?.labels.map(({ name, value, jobs }) => (
          <option key={textOf({ name, value })} value={textOf({ name, value })}>
            {t('jobs', { jobs })}
          </option>
        ))}
      </datalist>
    </Field>
  );
}
