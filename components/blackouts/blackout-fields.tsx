'use client';

import { useTranslations } from 'next-intl';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { Combobox } from '#components/ui/combobox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { RadioGroup } from '#components/ui/radio-group.tsx';
import { ScopeFields } from './scope-fields.tsx';
import type { TypedBlackout } from './typed-blackout.ts';
import { useBlackoutWords } from './use-blackout-words.ts';

export type BlackoutProblems = Partial<
  Record<'name' | 'note' | 'from' | 'to' | 'weekdays' | 'timeZone' | 'scope', string>
>;

export type BlackoutFieldsProps = {
  typed: TypedBlackout;
  onChange: (changes: Partial<TypedBlackout>) => void;
  zones: readonly string[];
  problems: BlackoutProblems;
};

export function BlackoutFields({ typed, onChange, zones, problems }: BlackoutFieldsProps) {
  const t = useTranslations('blackouts');
  return (
    <>
      <Field layout="side" label={t('name')} error={problems.name}>
        <Input
          value={typed.name}
          onChange={({ target }) => onChange({ name: target.value })}
          placeholder={t('nameExample')}
          autoComplete="off"
          maxLength={100}
        />
      </Field>
      <Field layout="side" group label={t('ticks')} explanation={t('waitingHint')}>
        <RadioGroup
          layout="list"
          options={[
            { value: 'hold', label: t('effectHold'), hint: t('effectHoldHint') },
            { value: 'skip', label: t('effectSkip'), hint: t('effectSkipHint') },
          ]}
          value={typed.effect}
          onValueChange={(effect) => onChange({ effect })}
        />
      </Field>
      <Field layout="side" group label={t('when')}>
        <RadioGroup
          options={[
            { value: 'once', label: t('typeOnce') },
            { value: 'weekly', label: t('typeWeekly') },
          ]}
          value={typed.type}
          onValueChange={(type) => onChange({ type })}
        />
      </Field>
      {typed.type === 'once' ? (
        <OnceFields typed={typed} onChange={onChange} problems={problems} />
      ) : (
        <WeeklyFields typed={typed} onChange={onChange} zones={zones} problems={problems} />
      )}
      <ScopeFields typed={typed} onChange={onChange} problem={problems.scope} />
      <Field layout="side" label={t('note')} aside={t('optional')} error={problems.note}>
        <Input
          value={typed.note}
          onChange={({ target }) => onChange({ note: target.value })}
          placeholder={t('noteExample')}
          autoComplete="off"
          maxLength={500}
        />
      </Field>
    </>
  );
}

function OnceFields({ typed, onChange, problems }: Omit<BlackoutFieldsProps, 'zones'>) {
  const t = useTranslations('blackouts');
  const { timeZone } = useTimeWords();
  return (
    <>
      <Field layout="side" label={t('from')} error={problems.from}>
        <Input
          type="datetime-local"
          value={typed.begin}
          onChange={({ target }) => onChange({ begin: target.value })}
          className="desk:max-w-70"
        />
      </Field>
      <Field
        layout="side"
        label={t('to')}
        explanation={t('ownZone', { zone: timeZone })}
        error={problems.to}
      >
        <Input
          type="datetime-local"
          value={typed.end}
          onChange={({ target }) => onChange({ end: target.value })}
          className="desk:max-w-70"
        />
      </Field>
    </>
  );
}

const WEEK = [1, 2, 3, 4, 5, 6, 7];

function WeeklyFields({ typed, onChange, zones, problems }: BlackoutFieldsProps) {
  const t = useTranslations('blackouts');
  const words = useBlackoutWords();
  const { weekdays } = typed;
  return (
    <>
      <Field
        layout="side"
        group
        label={t('days')}
        explanation={t('daysHint')}
        error={problems.weekdays}
      >
        <div className="flex flex-wrap gap-x-4">
          {WEEK.map((day) => (
            <CheckboxLine
              key={day}
              label={words.weekday(day)}
              checked={weekdays.includes(day)}
              aria-invalid={problems.weekdays !== undefined}
              onCheckedChange={(isChecked) =>
                onChange({
                  weekdays: isChecked
                    ? [...weekdays, day]
                    : weekdays.filter((other) => other !== day),
                })
              }
            />
          ))}
        </div>
      </Field>
      <Field layout="side" label={t('from')} error={problems.from}>
        <Input
          type="time"
          value={typed.from}
          onChange={({ target }) => onChange({ from: target.value.slice(0, 5) })}
          className="desk:max-w-32"
        />
      </Field>
      <Field
        layout="side"
        label={t('to')}
        explanation={typed.to <= typed.from ? t('nextDay') : undefined}
        error={problems.to}
      >
        <Input
          type="time"
          value={typed.to}
          onChange={({ target }) => onChange({ to: target.value.slice(0, 5) })}
          className="desk:max-w-32"
        />
      </Field>
      <Field layout="side" label={t('zone')} explanation={t('zoneHint')} error={problems.timeZone}>
        <Combobox
          options={zones.map((name) => ({
            value: name,
            label: name,
            keywords: [name.replaceAll(/[_/]/g, ' ')],
          }))}
          value={typed.timeZone}
          onValueChange={(timeZone) => onChange({ timeZone })}
          searchPlaceholder={t('zoneSearch')}
          className="desk:max-w-70"
        />
      </Field>
    </>
  );
}
