'use client';

import { useTranslations } from 'next-intl';
import { useController, useFormContext } from 'react-hook-form';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import type { EditorForm } from './editor-form.ts';

/** Whether a command that runs hears of edited parameters. */
export function TellParameters() {
  const t = useTranslations('editor');
  const { control } = useFormContext<EditorForm>();
  const { field } = useController({ control, name: 'tellParameters' });
  return (
    <CheckboxLine
      id="tellParameters"
      label={t('tellParameters')}
      hint={t('tellParametersHint')}
      checked={field.value}
      onCheckedChange={field.onChange}
    />
  );
}
