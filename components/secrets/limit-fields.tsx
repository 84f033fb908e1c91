'use client';

import { useTranslations } from 'next-intl';
import { Field } from '#components/ui/field.tsx';
import { Textarea } from '#components/ui/input.tsx';
import { RadioGroup } from '#components/ui/radio-group.tsx';
import type { Refusal } from '#core/outcome.ts';
import type { LimitsRead, TypedLimits } from './typed-limits.ts';

export type LimitProblem = Extract<LimitsRead, { ok: false }>['problem'];

/** Every job, or those that are named by key or label. */
export function LimitFields({
  typed,
  onChange,
  problem,
  refusal,
}: {
  typed: TypedLimits;
  onChange: (typed: TypedLimits) => void;
  problem: LimitProblem | null;
  refusal: Refusal | null;
}) {
  const t = useTranslations('secrets.form');
  const at = (part: string) =>
    refusal?.fields?.find(({ path }) => path[0] === 'limits' && path[1] === part)?.message;
  return (
    <>
      <Field label={t('who')} group>
        <RadioGroup
          layout="list"
          value={typed.who}
          onValueChange={(who) => onChange({ ...typed, who })}
          options={[
            { value: 'every', label: t('every'), hint: t('everyHint') },
            { value: 'some', label: t('some') },
          ]}
        />
      </Field>
      {typed.who === 'some' && (
        <>
          <Field
            label={t('labels')}
            explanation={t('labelsHint')}
            error={
              problem?.kind === 'label' ? t('labelProblem', { line: problem.line }) : at('labels')
            }
          >
            <Textarea
              rows={2}
              value={typed.labels}
              onChange={({ target }) => onChange({ ...typed, labels: target.value })}
              spellCheck={false}
              className="font-mono"
            />
          </Field>
          <Field
            label={t('jobs')}
            explanation={t('jobsHint')}
            error={problem?.kind === 'none' ? t('noneProblem') : at('jobs')}
          >
            <Textarea
              rows={2}
              value={typed.jobs}
              onChange={({ target }) => onChange({ ...typed, jobs: target.value })}
              spellCheck={false}
              className="font-mono"
            />
          </Field>
        </>
      )}
    </>
  );
}
