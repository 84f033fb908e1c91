'use client';

import { useTranslations } from 'next-intl';
import { useController, useFormContext } from 'react-hook-form';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import type { EditorForm } from './editor-form.ts';

/** Whether a parameter's values are shown to those alone who may see them. */
export function SensitiveParameter({ index }: { index: number }) {
  const t = useTranslations('secrets.sensitive');
  const { control } = useFormContext<EditorForm>();
  const name = `parameters.${index}.isSensitive` as const;
  const { field } = useController({ control, name });
  return (
    <CheckboxLine
      id={name}
      label={t('label')}
      hint={t('hint')}
      checked={field.value}
      onCheckedChange={field.onChange}
    />
  );
}
