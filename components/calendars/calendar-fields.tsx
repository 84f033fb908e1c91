'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { Place } from '#core/schedules/calendars/places.ts';
import { HOLIDAY_TYPES } from '#core/schedules/calendars/rules.ts';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { Combobox } from '#components/ui/combobox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Textarea } from '#components/ui/input.tsx';
import type { CalendarFormActions } from './calendar-actions.ts';
import { regionsQuery } from './calendar-queries.ts';
import { FileImport } from './file-import.tsx';
import { keyOfName, type TypedCalendar } from './typed-calendar.ts';
import { useCalendarWords } from './use-calendar-words.ts';

export type FieldProblems = Partial<
  Record<
    'key' | 'name' | 'country' | 'region' | 'types' | 'weekend' | 'dates' | 'workdays' | 'note',
    string
  >
>;

type FieldsProps = {
  typed: TypedCalendar;
  onChange: (changes: Partial<TypedCalendar>) => void;
  isNew: boolean;
  /** The key was typed, and isn't made of the name any more. */
  isKeyOwn: boolean;
  onKeyOwn: () => void;
  countries: readonly Place[];
  thisYear: number;
  problems: FieldProblems;
  importDates: CalendarFormActions['importDates'];
};

export function CalendarFields({
  typed,
  onChange,
  isNew,
  isKeyOwn,
  onKeyOwn,
  countries,
  thisYear,
  problems,
  importDates,
}: FieldsProps) {
  const t = useTranslations('calendars.form');
  return (
    <>
      <Field layout="side" label={t('name')} error={problems.name}>
        <Input
          value={typed.name}
          onChange={({ target }) =>
            onChange({
              name: target.value,
              ...(!isKeyOwn && { key: keyOfName(target.value) }),
            })
          }
          autoComplete="off"
        />
      </Field>
      {isNew && (
        <Field layout="side" label={t('key')} explanation={t('keyHint')} error={problems.key}>
          <Input
            mono
            value={typed.key}
            onChange={({ target }) => {
              onKeyOwn();
              onChange({ key: target.value });
            }}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
      )}
      <HolidayFields typed={typed} onChange={onChange} countries={countries} problems={problems} />
      <WeekendField typed={typed} onChange={onChange} problem={problems.weekend} />
      <DatesField list="dates" typed={typed} onChange={onChange} problem={problems.dates} />
      <DatesField list="workdays" typed={typed} onChange={onChange} problem={problems.workdays} />
      <FileImport typed={typed} onChange={onChange} thisYear={thisYear} importDates={importDates} />
    </>
  );
}

type Part = Pick<FieldsProps, 'typed' | 'onChange'>;

function HolidayFields({
  typed,
  onChange,
  countries,
  problems,
}: Part & Pick<FieldsProps, 'countries' | 'problems'>) {
  const t = useTranslations('calendars.form');
  const { data: regions, isLoading } = useQuery({
    ...regionsQuery(typed.country),
    enabled: typed.country !== '',
  });
  const { types } = typed;
  const known = regions ?? [];
  return (
    <>
      <Field layout="side" label={t('country')} error={problems.country}>
        <Combobox
          options={[
            { value: '', label: t('noCountry') },
            ...countries.map(({ code, name }) => ({ value: code, label: name, keywords: [code] })),
          ]}
          value={typed.country}
          onValueChange={(country) => onChange({ country, region: '' })}
          searchPlaceholder={t('countrySearch')}
        />
      </Field>
      {typed.country !== '' && (isLoading || known.length > 0 || typed.region !== '') && (
        <Field layout="side" label={t('region')} error={problems.region}>
          <Combobox
            options={[
              { value: '', label: t('wholeCountry') },
              ...known.map(({ code, name }) => ({ value: code, label: name, keywords: [code] })),
            ]}
            value={typed.region}
            onValueChange={(region) => onChange({ region })}
            searchPlaceholder={t('regionSearch')}
            isLoading={isLoading}
          />
        </Field>
      )}
      {typed.country !== '' && (
        <Field
          layout="side"
          group
          label={t('types')}
          explanation={t('typesHint')}
          error={problems.types}
        >
          <div className="grid grid-cols-2 gap-x-4 phone:grid-cols-1">
            {HOLIDAY_TYPES.map((type) => (
              <CheckboxLine
                key={type}
                label={t(`type.${type}`)}
                checked={types.includes(type)}
                aria-invalid={problems.types !== undefined}
                onCheckedChange={(isChecked) =>
                  onChange({
                    types: isChecked ? [...types, type] : types.filter((other) => other !== type),
                  })
                }
              />
            ))}
          </div>
        </Field>
      )}
    </>
  );
}

/** Monday first. */
const WEEK = [1, 2, 3, 4, 5, 6, 0];

function WeekendField({
  typed: { weekend },
  onChange,
  problem,
}: Part & { problem: string | undefined }) {
  const t = useTranslations('calendars.form');
  const words = useCalendarWords();
  return (
    <Field
      layout="side"
      group
      label={t('weekend')}
      explanation={weekend.length === 7 ? t('weekendAll') : undefined}
      error={problem}
    >
      <div className="flex flex-wrap gap-x-4">
        {WEEK.map((day) => (
          <CheckboxLine
            key={day}
            label={words.weekday(day)}
            checked={weekend.includes(day)}
            onCheckedChange={(isChecked) =>
              onChange({
                weekend: isChecked ? [...weekend, day] : weekend.filter((other) => other !== day),
              })
            }
          />
        ))}
      </div>
    </Field>
  );
}

function DatesField({
  list,
  typed,
  onChange,
  problem,
}: Part & { list: 'dates' | 'workdays'; problem: string | undefined }) {
  const t = useTranslations('calendars.form');
  return (
    <Field layout="side" label={t(list)} explanation={t(`${list}Hint`)} error={problem}>
      <Textarea
        mono
        rows={list === 'dates' ? 5 : 3}
        value={typed[list]}
        onChange={({ target }) => onChange({ [list]: target.value })}
        placeholder={t(`${list}Example`)}
        spellCheck={false}
      />
    </Field>
  );
}
