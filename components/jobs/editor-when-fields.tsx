'use client';

import { useTranslations } from 'next-intl';
import { useFormContext, useWatch } from 'react-hook-form';
import { Input } from '#components/ui/input.tsx';
import { AmountField } from './editor-amount.tsx';
import { CalendarFields } from './editor-calendar.tsx';
import { DstRules } from './editor-dst-rules.tsx';
import { FormField, NumberField } from './editor-fields.tsx';
import type { EditorForm } from './editor-form.ts';

/** On which days, from when until when, how often at most, how far apart from other jobs, and what clock changes do. */
export function WhenFields() {
  const t = useTranslations('editor');
  const { control } = useFormContext<EditorForm>();
  const [type, from] = useWatch({ control, name: ['schedule.type', 'schedule.from'] });
  if (type === 'interval' && from === 'end') {
    return (
      <>
        <BoundField name="startsAt" />
        <BoundField name="endsAt" />
      </>
    );
  }
  return (
    <>
      <CalendarFields />
      {type === 'cron' && <DstRules />}
      <BoundField name="startsAt" />
      <BoundField name="endsAt" />
      <NumberField
        name="schedule.maxFires"
        label={t('maxFires')}
        unit={t('maxFiresUnit')}
        explanation={t('maxFiresHint')}
      />
      <AmountField
        name="schedule.jitter"
        label={t('jitter')}
        explanation={t('jitterHint')}
        ifEmpty={t('jitterNone')}
      />
    </>
  );
}

function BoundField({ name }: { name: 'startsAt' | 'endsAt' }) {
  const t = useTranslations('editor');
  const { control, register } = useFormContext<EditorForm>();
  const timeZone = useWatch({ control, name: 'schedule.timeZone' });
  return (
    <FormField
      name={`schedule.${name}`}
      label={t(name)}
      explanation={t(`${name}Hint`, { zone: timeZone })}
    >
      <Input
        {...register(`schedule.${name}`)}
        type="datetime-local"
        step="1"
        className="desk:max-w-70"
      />
    </FormField>
  );
}
