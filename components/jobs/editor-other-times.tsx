'use client';

import { useTranslations } from 'next-intl';
import { useFormContext, useWatch } from 'react-hook-form';
import { Input } from '#components/ui/input.tsx';
import { AmountField } from './editor-amount.tsx';
import { FormField, RadioField, TextBoxField } from './editor-fields.tsx';
import type { EditorForm } from './editor-form.ts';

const COUNTED_FROM = ['anchor', 'end'] as const;

/** What a schedule says that has no lines: an interval, or dates. */
export function OtherTimes() {
  const { control } = useFormContext<EditorForm>();
  const type = useWatch({ control, name: 'schedule.type' });
  return type === 'interval' ? <IntervalFields /> : <Dates />;
}

/** How long its ticks lie apart, and what they are counted from. */
function IntervalFields() {
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

function Dates() {
  const t = useTranslations('editor');
  return (
    <TextBoxField
      name="schedule.dates"
      label={t('dates')}
      explanation={t('datesHint')}
      placeholder="2027-03-29 09:00"
      rows={4}
      mono
    />
  );
}
