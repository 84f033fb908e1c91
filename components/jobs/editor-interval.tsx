'use client';

import { useTranslations } from 'next-intl';
import { useFormContext, useWatch } from 'react-hook-form';
import { Input } from '#components/ui/input.tsx';
import { AmountField } from './editor-amount.tsx';
import { FormField, RadioField } from './editor-fields.tsx';
import type { EditorForm } from './editor-form.ts';

const COUNTED_FROM = ['anchor', 'end'] as const;

/** How long its ticks lie apart, and what they are counted from. */
export function IntervalFields() {
  const t = useTranslations('editor');
  const { control, register } = useFormContext<EditorForm>();
  const from = useWatch({ control, name: 'schedule.from' });
  return (
    <>
      <AmountField name="schedule.every" label={t('every')} explanation={t('everyHint')} />
      <RadioField
        name="schedule.from"
        label={t('from')}
        explanation={t(`fromHint.${from}`)}
        options={COUNTED_FROM.map((value) => ({ value, label: t(`fromName.${value}`) }))}
      />
      {from === 'anchor' && (
        <FormField name="schedule.anchor" label={t('anchor')} explanation={t('anchorHint')}>
          <Input
            {...register('schedule.anchor')}
            type="datetime-local"
            step="1"
            className="desk:max-w-70"
          />
        </FormField>
      )}
    </>
  );
}
