'use client';

import { useTranslations } from 'next-intl';
import { useController, useFormContext, type FieldPath } from 'react-hook-form';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import type { AmountUnit } from './amount.ts';
import { FormField, type FormFieldProps } from './editor-fields.tsx';
import type { EditorForm } from './editor-form.ts';

type AmountName =
  | 'schedule.every'
  | 'schedule.jitter'
  | 'startDeadline'
  | 'timeout'
  | `retry.${RetryAmount}`
  | `failing.${FailingAmount}`;
type RetryAmount = 'delay' | 'maxDelay' | 'within';
type FailingAmount = 'within' | 'open' | 'longest' | 'rateWithin' | 'linesWithin' | 'pause';

const units: readonly AmountUnit[] = ['s', 'min', 'h', 'd'];

/** A length of time: a number and its unit. `ifEmpty` says what leaving it empty means. */
export function AmountField({
  name,
  ifEmpty,
  ...field
}: Omit<FormFieldProps, 'name'> & { name: AmountName; ifEmpty?: string | undefined }) {
  const t = useTranslations('editor');
  const { control, register, getFieldState, trigger } = useFormContext<EditorForm>();
  const amount: FieldPath<EditorForm> = `${name}.amount`;
  const { field: unit } = useController({ control, name: `${name}.unit` });
  return (
    <FormField {...field} name={amount}>
      <span className="flex gap-2 desk:max-w-70">
        <Input
          {...register(amount)}
          inputMode="decimal"
          autoComplete="off"
          placeholder={ifEmpty}
          className="min-w-0 flex-1"
        />
        <Select
          id={`${name}.unit`}
          aria-label={t('unitOf')}
          options={units.map((value) => ({ value, label: t(`unit.${value}`) }))}
          value={unit.value}
          onValueChange={(next) => {
            unit.onChange(next);
            // What was wrong as so many hours may be right as so many minutes.
            if (getFieldState(amount).error) void trigger(amount);
          }}
          className="w-28"
        />
      </span>
    </FormField>
  );
}
