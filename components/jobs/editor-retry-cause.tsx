'use client';

import { ArrowUp } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useController, useFormContext } from 'react-hook-form';
import type { CauseRule } from '#core/jobs/retry-rule.ts';
import { IconButton } from '#components/ui/button.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { LineProblem, useLineControl } from './editor-fields.tsx';
import type { EditorForm } from './editor-form.ts';
import { RemoveLine } from './editor-lines.tsx';

const causes: readonly CauseRule['cause'][] = [
  'exit_code',
  'http_status',
  'connection_error',
  'timed_out',
  'lost',
  'output',
];
const answers: readonly CauseRule['answer'][] = ['never', 'once', 'three_at_once', 'backoff'];

/** One rule: after which end, and what then. */
export function CauseLine({
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
