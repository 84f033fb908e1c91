'use client';

import { ArrowUp } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useController, useFieldArray, useFormContext, useWatch } from 'react-hook-form';
import type { CauseRule } from '#core/jobs/retry-rule.ts';
import { IconButton } from '#components/ui/button.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { AmountField } from './editor-amount.tsx';
import {
  FormField,
  LineProblem,
  NumberField,
  RadioField,
  useLineControl,
} from './editor-fields.tsx';
import type { CauseForm, EditorForm } from './editor-form.ts';
import { AddLine, RemoveLine } from './editor-lines.tsx';
import { EditorSection } from './editor-section.tsx';

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
const causes: readonly CauseRule['cause'][] = [
  'exit_code',
  'http_status',
  'connection_error',
  'timed_out',
  'lost',
  'output',
];
const answers: readonly CauseRule['answer'][] = ['never', 'once', 'three_at_once', 'backoff'];

function CauseLine({
  index,
  onUp,
  onRemove,
}: {
  index: number;
  onUp: (() => void) | undefined;
  onRemove: () => void;
}) {
  const t = useTranslations('editor');
  const { control, register } = useFormContext<EditorForm>();
  const name = `retry.byCause.${index}` as const;
  const number = index + 1;
  const { field: cause } = useController({ control, name: `${name}.cause` });
  const { field: answer } = useController({ control, name: `${name}.answer` });
  const codes = useLineControl(`${name}.codes`, t('codes', { number }));
  const word = useLineControl(`${name}.word`, t('word', { number }));
  const takesCodes = cause.value === 'exit_code' || cause.value === 'http_status';
  return (
    <div>
      <div className="flex flex-wrap gap-2">
        <Select
          id={`${name}.cause`}
          aria-label={t('causeNumber', { number })}
          options={causes.map((value) => ({ value, label: t(`cause.${value}`) }))}
          value={cause.value}
          onValueChange={cause.onChange}
          className="w-44 phone:w-full"
        />
        {takesCodes && (
          <Input
            {...register(`${name}.codes`)}
            {...codes}
            placeholder={cause.value === 'exit_code' ? '1, 75-78' : '429, 500-599'}
            autoComplete="off"
            mono
            className="w-32 min-w-24 flex-1"
          />
        )}
        {cause.value === 'output' && (
          <Input
            {...register(`${name}.word`)}
            {...word}
            placeholder={t('wordPlaceholder')}
            autoComplete="off"
            mono
            className="w-32 min-w-24 flex-1"
          />
        )}
        <Select
          id={`${name}.answer`}
          aria-label={t('answerNumber', { number })}
          options={answers.map((value) => ({ value, label: t(`answer.${value}`) }))}
          value={answer.value}
          onValueChange={answer.onChange}
          className="w-48 phone:w-auto phone:flex-1"
        />
        <span className="flex">
          <IconButton label={t('moveUp')} disabled={onUp === undefined} onClick={() => onUp?.()}>
            <ArrowUp aria-hidden />
          </IconButton>
          <RemoveLine onRemove={onRemove} />
        </span>
      </div>
      {takesCodes && <LineProblem name={`${name}.codes`} />}
      {cause.value === 'output' && <LineProblem name={`${name}.word`} />}
    </div>
  );
}
