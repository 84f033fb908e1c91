'use client';

import { useTranslations } from 'next-intl';
import { Field } from '#components/ui/field.tsx';
import { Textarea } from '#components/ui/input.tsx';

/** Where a value is given. Keys have several lines; nothing of it is sent to check its spelling, or kept by the browser. */
export function ValueField({
  value,
  onChange,
  error,
}: {
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}) {
  const t = useTranslations('secrets.form');
  return (
    <Field label={t('value')} explanation={t('valueHint', { mark: '•••' })} error={error}>
      <Textarea
        rows={3}
        value={value}
        onChange={({ target }) => onChange(target.value)}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        className="font-mono"
      />
    </Field>
  );
}
