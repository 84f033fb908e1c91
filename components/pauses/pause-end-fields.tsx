'use client';

import { useTranslations } from 'next-intl';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { RadioGroup } from '#components/ui/radio-group.tsx';
import { Select } from '#components/ui/select.tsx';
import { type EndForm, UNTIL } from './pause-end.ts';
import { SpreadField } from './spread-field.tsx';

const WORDS = {
  resumed: 'untilResumed',
  hour: 'untilHour',
  four: 'untilFour',
  morning: 'untilMorning',
  time: 'untilTime',
} as const;

/** Until when a pause lasts, and what runs then; only the first is asked as long as nobody gave it an end. */
export function PauseEndFields({
  form,
  onChange,
  problem,
}: {
  form: EndForm;
  onChange: (form: EndForm) => void;
  problem: { until?: string | undefined; answer?: string | undefined };
}) {
  const t = useTranslations('pauses');
  const isTimed = form.until !== 'resumed';
  return (
    <>
      <Field
        label={t('until')}
        explanation={isTimed ? t('untilHint') : undefined}
        error={form.until === 'time' ? undefined : problem.until}
      >
        <Select
          options={UNTIL.map((value) => ({ value, label: t(WORDS[value]) }))}
          value={form.until}
          onValueChange={(until) => onChange({ ...form, until })}
        />
      </Field>
      {form.until === 'time' && (
        <Field label={t('untilAt')} error={problem.until}>
          <Input
            type="datetime-local"
            value={form.time}
            onChange={(event) => onChange({ ...form, time: event.target.value })}
            className="desk:max-w-70"
          />
        </Field>
      )}
      {isTimed && (
        <Field
          group
          label={t('thenAnswer')}
          explanation={form.rule === 'all' ? t('thenAllHint') : undefined}
          error={problem.answer}
        >
          <RadioGroup
            options={[
              { value: 'skip', label: t('thenSkip') },
              { value: 'latest', label: t('thenLatest') },
              { value: 'all', label: t('thenAll') },
            ]}
            value={form.rule}
            onValueChange={(rule) => onChange({ ...form, rule })}
          />
        </Field>
      )}
      {isTimed && form.rule === 'all' && (
        <SpreadField value={form.spread} onChange={(spread) => onChange({ ...form, spread })} />
      )}
    </>
  );
}

/** Where in the fields a refusal belongs. */
export function problemsOf(
  fields: readonly { path: (string | number)[]; message: string }[] | undefined,
) {
  const of = (name: string) => fields?.find(({ path }) => path.includes(name))?.message;
  return { until: of('until'), answer: of('answer') };
}
