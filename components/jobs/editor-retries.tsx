'use client';

import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useFieldArray, useFormContext, useWatch } from 'react-hook-form';
import { nothing } from '#components/ui/nothing.ts';
import { AmountField } from './editor-amount.tsx';
import { FormField, NumberField, RadioField } from './editor-fields.tsx';
import type { CauseForm, EditorForm } from './editor-form.ts';
import { AddLine } from './editor-lines.tsx';
import { EditorSection } from './editor-section.tsx';

// Few jobs have such rules.
const CauseLine = dynamic(() => import('./editor-retry-cause.tsx').then((file) => file.CauseLine), {
  loading: nothing,
});

/** When an attempt that ended badly is followed by another. */
export function Retries() {
  const t = useTranslations('editor');
  const { control } = useFormContext<EditorForm>();
  const backoff = useWatch({ control, name: 'retry.backoff' });
  const answers = useWatch({ control, name: 'retry.byCause' });
  const isAgain = backoff !== 'none';
  return (
    <EditorSection
      name="retries"
      title={t('section.retries')}
      sentence={t('retriesSentence')}
      of="what"
    >
      <RadioField
        name="retry.backoff"
        label={t('backoff')}
        explanation={t(`backoffHint.${backoff}`)}
        options={(['none', 'fixed', 'exponential'] as const).map((value) => ({
          value,
          label: t(`backoffName.${value}`),
        }))}
      />
      {isAgain && (
        <>
          <NumberField
            name="retry.maxAttempts"
            label={t('maxAttempts')}
            explanation={t('maxAttemptsHint')}
          />
          <AmountField
            name="retry.delay"
            label={t(backoff === 'fixed' ? 'delayFixed' : 'delayFirst')}
            explanation={backoff === 'exponential' ? t('delayHint') : undefined}
          />
          {backoff === 'exponential' && (
            <AmountField
              name="retry.maxDelay"
              label={t('maxDelay')}
              explanation={t('maxDelayHint')}
            />
          )}
        </>
      )}
      {(isAgain || answers.length > 0) && (
        <AmountField
          name="retry.within"
          label={t('within')}
          explanation={t('withinHint')}
          ifEmpty={t('noBound')}
        />
      )}
      <CauseRules />
    </EditorSection>
  );
}

function CauseRules() {
  const t = useTranslations('editor');
  const { control } = useFormContext<EditorForm>();
  const { fields, append, remove, move } = useFieldArray({ control, name: 'retry.byCause' });
  return (
    <FormField name="retry.byCause" label={t('byCause')} explanation={t('byCauseHint')} group>
      <div className="grid gap-2">
        {fields.map((field, index) => (
          <CauseLine
            key={field.id}
            index={index}
            onUp={index === 0 ? undefined : () => move(index, index - 1)}
            onRemove={() => remove(index)}
          />
        ))}
      </div>
      <AddLine onAdd={() => append(newRule)} isFirst={fields.length === 0}>
        {t('addCause')}
      </AddLine>
    </FormField>
  );
}

const newRule: CauseForm = { cause: 'exit_code', codes: '', word: '', answer: 'never' };
