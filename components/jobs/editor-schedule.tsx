'use client';

import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import type { Schedule } from '#core/schedules/schedule.ts';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Combobox } from '#components/ui/combobox.tsx';
import { nothing } from '#components/ui/nothing.ts';
import { CronLines } from './editor-cron-lines.tsx';
import { FormField, RadioField } from './editor-fields.tsx';
import type { EditorForm } from './editor-form.ts';
import { MoreAboutWhen } from './editor-more-when.tsx';
import { Reach } from './editor-reach.tsx';
import { EditorSection } from './editor-section.tsx';
import { useScheduleTools } from './use-schedule-tools.ts';

const OtherTimes = dynamic(
  () => import('./editor-other-times.tsx').then((file) => file.OtherTimes),
  { loading: nothing },
);

// Shown only when the rules of zones are here, which come later too; the line's place is held until then.
const ZoneOffset = dynamic(
  () => import('./editor-zone-offset.tsx').then((file) => file.ZoneOffset),
  { ssr: false, loading: () => <>&nbsp;</> },
);
const ClockChanges = dynamic(
  () => import('./editor-clock-changes.tsx').then((file) => file.ClockChanges),
  { ssr: false },
);

/** When it runs by itself. */
export function ScheduleSection({ saved, ahead }: { saved: Schedule | null; ahead: ReactNode }) {
  const t = useTranslations('editor');
  const { control } = useFormContext<EditorForm>();
  const type = useWatch({ control, name: 'schedule.type' });
  return (
    <EditorSection name="schedule" title={t('section.schedule')}>
      <Reach of="when">
        <RadioField
          name="schedule.type"
          label={t('scheduleType')}
          explanation={t(`scheduleTypeHint.${type}`)}
          options={SCHEDULE_TYPES.map((value) => ({
            value,
            label: t(`scheduleTypeName.${value}`),
          }))}
        />
        {type === 'cron' && <CronLines saved={saved?.type === 'cron' ? saved.lines : null} />}
        {(type === 'interval' || type === 'dates') && <OtherTimes />}
        {type !== 'manual' && <TimeZoneField />}
        {type === 'cron' && <ClockChanges />}
        {type !== 'manual' && <MoreAboutWhen />}
      </Reach>
      {/* Beside the form there is no room for them: they stand where they are changed. */}
      {ahead}
    </EditorSection>
  );
}

const SCHEDULE_TYPES: readonly Schedule['type'][] = ['cron', 'interval', 'dates', 'manual'];

function TimeZoneField() {
  const t = useTranslations('editor');
  const tools = useScheduleTools();
  const { control } = useFormContext<EditorForm>();
  const { field } = useController({ control, name: 'schedule.timeZone' });
  const type = useWatch({ control, name: 'schedule.type' });
  const { timeZone: readerZone } = useTimeWords();
  const names = tools?.zoneNames() ?? [field.value];
  return (
    <FormField
      name="schedule.timeZone"
      label={t('timeZone')}
      explanation={
        <>
          <ZoneOffset timeZone={field.value} />
          {field.value !== readerZone && (
            <button
              type="button"
              className="text-accent hover:underline"
              onClick={() => field.onChange(readerZone)}
            >
              {t('useReaderZone', { zone: readerZone })}
            </button>
          )}{' '}
          {type === 'interval' && t('timeZoneInterval')}
        </>
      }
    >
      <Combobox
        options={names.map((name) => ({
          value: name,
          label: name,
          keywords: [name.replaceAll(/[_/]/g, ' ')],
        }))}
        value={field.value}
        onValueChange={field.onChange}
        onBlur={field.onBlur}
        searchPlaceholder={t('timeZoneSearch')}
        isLoading={tools === null}
        className="desk:max-w-70"
      />
    </FormField>
  );
}
