'use client';

import { useTranslations } from 'next-intl';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';

/** As typed. */
export type TypedRate = { perMinute: string; atOnce: string };

/** What can't be read as a whole number is sent as it is not allowed, so that the use-case says so. */
export const rateOf = ({ perMinute, atOnce }: TypedRate) => ({
  perMinute: whole(perMinute),
  atOnce: whole(atOnce),
});

const whole = (typed: string) => (/^\s*\d{1,6}\s*$/.test(typed) ? Number(typed) : 0);

/** So many a minute, and at most so many at once. */
export function RateFields({
  rate,
  onChange,
  problems,
  layout = 'stacked',
}: {
  rate: TypedRate;
  onChange: (rate: TypedRate) => void;
  problems: { perMinute?: string | undefined; atOnce?: string | undefined };
  layout?: 'side' | 'stacked';
}) {
  const t = useTranslations('backfill');
  return (
    <Field
      group
      layout={layout}
      label={t('rate')}
      explanation={t('rateHint')}
      error={problems.perMinute ?? problems.atOnce}
    >
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2 text-table text-ink-2">
        <span className="flex items-center gap-2">
          <Input
            aria-label={t('perMinuteLabel')}
            aria-invalid={problems.perMinute ? true : undefined}
            inputMode="numeric"
            autoComplete="off"
            value={rate.perMinute}
            onChange={(event) => onChange({ ...rate, perMinute: event.target.value })}
            className="w-20"
          />
          {t('perMinute')}
        </span>
        <span className="flex items-center gap-2">
          <Input
            aria-label={t('atOnceLabel')}
            aria-invalid={problems.atOnce ? true : undefined}
            inputMode="numeric"
            autoComplete="off"
            value={rate.atOnce}
            onChange={(event) => onChange({ ...rate, atOnce: event.target.value })}
            className="w-16"
          />
          {t('atOnce')}
        </span>
      </div>
    </Field>
  );
}
