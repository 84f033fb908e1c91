'use client';

import { useTranslations } from 'next-intl';
import { useFormContext, useWatch } from 'react-hook-form';
import { AmountField } from './editor-amount.tsx';
import { NumberField, RadioField } from './editor-fields.tsx';
import type { EditorForm } from './editor-form.ts';
import { MessageFields } from './editor-messages.tsx';
import { pausesByItself } from './failing-form.ts';

/** Who is told, the circuit breaker of a job or its host, and what makes Punctual pause the job. */
export function FailingFields() {
  const t = useTranslations('editor.failing');
  const { control } = useFormContext<EditorForm>();
  const failing = useWatch({ control, name: 'failing' });
  const kind = useWatch({ control, name: 'kind' });
  const { circuit } = failing;
  const scopes =
    kind === 'http' || circuit === 'host'
      ? (['off', 'job', 'host'] as const)
      : (['off', 'job'] as const);
  return (
    <>
      <MessageFields />
      <RadioField
        name="failing.circuit"
        label={t('circuit')}
        explanation={t(`circuitHint.${circuit}`)}
        options={scopes.map((value) => ({ value, label: t(`circuitName.${value}`) }))}
      />
      {circuit !== 'off' && (
        <>
          <NumberField name="failing.failures" label={t('failures')} unit={t('failuresUnit')} />
          <AmountField name="failing.within" label={t('within')} />
          <AmountField name="failing.open" label={t('open')} explanation={t('openHint')} />
          <AmountField name="failing.longest" label={t('longest')} />
        </>
      )}
      <NumberField
        name="failing.inRow"
        label={t('inRow')}
        unit={t('inRowUnit')}
        explanation={t('inRowHint')}
      />
      <NumberField
        name="failing.percent"
        label={t('percent')}
        unit={t('percentUnit')}
        explanation={t('emptyHint')}
      />
      {failing.percent.trim() !== '' && (
        <>
          <NumberField
            name="failing.leastRuns"
            label={t('leastRuns')}
            unit={t('leastRunsUnit')}
            explanation={t('leastRunsHint')}
          />
          <AmountField name="failing.rateWithin" label={t('rateWithin')} />
        </>
      )}
      <NumberField
        name="failing.errorLines"
        label={t('errorLines')}
        unit={t('errorLinesUnit')}
        explanation={t('errorLinesHint')}
      />
      {failing.errorLines.trim() !== '' && (
        <AmountField name="failing.linesWithin" label={t('linesWithin')} />
      )}
      {pausesByItself(failing) && (
        <AmountField
          name="failing.pause"
          label={t('pause')}
          explanation={t('pauseHint')}
          ifEmpty={t('pauseEmpty')}
        />
      )}
    </>
  );
}
