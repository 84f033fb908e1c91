'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useFormContext, useWatch } from 'react-hook-form';
import type { CalendarSummary } from '#core/calendars/read-calendars.ts';
import { RULES_OF } from '#core/schedules/calendars/rules.ts';
import { calendarList } from '#components/calendars/calendar-queries.ts';
import { useCalendarWords } from '#components/calendars/use-calendar-words.ts';
import { TextLink } from '#components/ui/text-link.tsx';
import { ChoiceField, RadioField, TextField } from './editor-fields.tsx';
import type { EditorForm } from './editor-form.ts';

/** Which calendar has a say in the days of a schedule, and what becomes of its days off. */
export function CalendarFields() {
  const t = useTranslations('calendars.inEditor');
  const { control } = useFormContext<EditorForm>();
  const [type, chosen, rule] = useWatch({
    control,
    name: ['schedule.type', 'schedule.calendar', 'schedule.calendarRule'],
  });
  const { data: calendars } = useQuery(calendarList);
  if (type === 'manual') return null;
  const known = calendars ?? [];
  const isKnown = chosen === '' || known.some(({ key }) => key === chosen);
  const rules = RULES_OF[type];
  return (
    <>
      <ChoiceField
        name="schedule.calendar"
        label={t('calendar')}
        explanation={<CalendarExplanation calendars={calendars} chosen={chosen} />}
        options={[
          { value: '', label: t('none') },
          ...known.map(({ key, name }) => ({ value: key, label: `${name} (${key})` })),
          ...(isKnown ? [] : [{ value: chosen, label: chosen }]),
        ]}
      />
      {chosen !== '' && rules.length > 1 && (
        <RadioField
          name="schedule.calendarRule"
          label={t('rule')}
          layout="list"
          options={rules.map((value) => ({
            value,
            label: t(`ruleName.${value}`),
            hint: t(`ruleHint.${value}`),
          }))}
        />
      )}
      {chosen !== '' && type === 'cron' && rule === 'nth' && (
        <TextField name="schedule.calendarNth" label={t('nth')} explanation={t('nthHint')} half />
      )}
    </>
  );
}

/** What the chosen calendar says, or where one is made. */
function CalendarExplanation({
  calendars,
  chosen,
}: {
  /** Not there before the first answer. */
  calendars: readonly CalendarSummary[] | undefined;
  chosen: string;
}) {
  const t = useTranslations('calendars.inEditor');
  const words = useCalendarWords();
  const calendar = calendars?.find(({ key }) => key === chosen);
  if (calendars?.length === 0) {
    return t.rich('noCalendars', {
      a: (chunks) => (
        <TextLink href="/calendars/new" target="_blank" className="underline">
          {chunks}
        </TextLink>
      ),
    });
  }
  if (!calendar) return t('hint');
  return (
    <>
      {calendar.says && `${words.says(calendar.says)}. `}
      <TextLink href={`/calendars/${calendar.key}`} target="_blank" className="underline">
        {t('show')}
      </TextLink>
    </>
  );
}
