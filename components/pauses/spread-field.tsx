'use client';

import { useTranslations } from 'next-intl';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';

/** Over how many minutes the runs become due, as typed. */
export function SpreadField({
  value,
  onChange,
  error,
}: {
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
}) {
  const t = useTranslations('pauses');
  return (
    <Field label={t('spread')} explanation={t('spreadHint')} error={error}>
      <Input
        inputMode="numeric"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        autoComplete="off"
        className="w-28"
      />
    </Field>
  );
}

/** Whole minutes of what was typed; what isn't a number is told by the server at its field. */
export const minutesOf = (typed: string): number =>
  typed.trim() === '' ? 0 : Number(typed.replace(/[,\s]/g, ''));
