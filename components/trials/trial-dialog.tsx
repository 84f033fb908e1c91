'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';
import type { TrialInput } from '#core/trials/trial-input.ts';
import { LEAST_RUNS } from '#core/trials/verdict.ts';
import {
  NOT_TO_BE_TRIED,
  TRIAL_HOURS,
  TRIAL_RUNS,
  TRIAL_SHARES,
  type TrialShare,
} from '#core/trials/tried-parts.ts';
import type { PartId } from '#components/jobs/definition-parts.ts';
import { usePartWords } from '#components/jobs/part-words.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { RadioGroup } from '#components/ui/radio-group.tsx';
import { numberOf } from '#components/ui/typed-number.ts';

/** Asks how a new revision is to be tried; says what of it can't be. */
export function TrialDialog({
  revision,
  changed,
  onTry,
  onClose,
}: {
  revision: number;
  changed: readonly PartId[];
  onTry: (trial: TrialInput) => void;
  onClose: () => void;
}) {
  const t = useTranslations('trial');
  const [share, setShare] = useState<TrialShare>(10);
  const [runs, setRuns] = useState('50');
  const [hours, setHours] = useState('72');
  const [label, setLabel] = useState({ name: '', value: '' });
  const [isChecked, setChecked] = useState(false);
  const untriable = useUntriable(changed);
  const isHalf = (label.name.trim() === '') !== (label.value.trim() === '');
  const problems: Record<'runs' | 'hours' | 'label', string | undefined> = {
    runs: isBetween(runs, TRIAL_RUNS) ? undefined : t('between', TRIAL_RUNS),
    hours: isBetween(hours, TRIAL_HOURS) ? undefined : t('between', TRIAL_HOURS),
    label: isHalf ? t('labelHalf') : undefined,
  };
  const shown: Partial<typeof problems> = isChecked ? problems : {};
  return (
    <FormDialog
      title={t('title', { revision })}
      sentence={t('sentence')}
      submit={t('submit')}
      problem={untriable}
      onClose={onClose}
      onSubmit={() => {
        setChecked(true);
        if (untriable !== undefined || Object.values(problems).some(Boolean)) return;
        onTry({
          share,
          untilRuns: numberOf(runs),
          untilHours: numberOf(hours),
          ...(label.name.trim() !== '' && {
            runsOn: { [label.name.trim()]: label.value.trim() },
          }),
        });
      }}
    >
      <Field label={t('share')} explanation={t('shareHint', { revision })} group>
        <RadioGroup
          options={TRIAL_SHARES.map((value) => ({
            value: String(value),
            label: t('shareOf', { share: value }),
          }))}
          value={String(share)}
          onValueChange={(value) =>
            setShare(TRIAL_SHARES.find((one) => String(one) === value) ?? share)
          }
        />
      </Field>
      <Field label={t('untilRuns')} explanation={t('untilRunsHint')} error={shown.runs}>
        <Amount value={runs} onChange={setRuns} unit={t('untilRunsUnit', { revision })} />
      </Field>
      <Field
        label={t('untilHours')}
        explanation={t('untilHoursHint', { least: LEAST_RUNS })}
        error={shown.hours}
      >
        <Amount value={hours} onChange={setHours} unit={t('untilHoursUnit')} />
      </Field>
      <Field label={t('label')} explanation={t('labelHint')} error={shown.label} group>
        <span className="grid grid-cols-2 gap-2">
          <Input
            aria-label={t('labelName')}
            placeholder={t('labelName')}
            value={label.name}
            onChange={(event) => setLabel({ ...label, name: event.target.value })}
            autoComplete="off"
            mono
          />
          <Input
            aria-label={t('labelValue')}
            placeholder={t('labelValue')}
            value={label.value}
            onChange={(event) => setLabel({ ...label, value: event.target.value })}
            autoComplete="off"
            mono
          />
        </span>
      </Field>
    </FormDialog>
  );
}

function Amount({
  value,
  onChange,
  unit,
}: {
  value: string;
  onChange: (value: string) => void;
  unit: string;
}) {
  return (
    <span className="flex items-center gap-2 text-table text-ink-2">
      <Input
        value={value}
        onChange={(event) => onChange(event.target.value)}
        inputMode="numeric"
        autoComplete="off"
        className="w-24 text-right"
      />
      {unit}
    </span>
  );
}

const isBetween = (typed: string, { least, most }: { least: number; most: number }) => {
  const number = numberOf(typed);
  return Number.isInteger(number) && number >= least && number <= most;
};

/** A sentence that names what can't be tried; undefined where all can. */
function useUntriable(changed: readonly PartId[]): string | undefined {
  const t = useTranslations('trial');
  const locale = useLocale();
  const { name } = usePartWords();
  const fixed: readonly string[] = NOT_TO_BE_TRIED;
  const parts = changed.filter((part) => fixed.includes(part.split('.')[0] ?? part));
  if (parts.length === 0) return undefined;
  const list = new Intl.ListFormat(locale, { type: 'conjunction' }).format(parts.map(name));
  return t('untriable', { list: list.charAt(0).toLocaleUpperCase(locale) + list.slice(1) });
}
