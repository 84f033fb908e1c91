'use client';

import { useTranslations } from 'next-intl';
import type { ScheduleDescription } from '#core/schedules/description.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { ScheduleWords } from '#components/schedules/schedule-words.tsx';
import { Link } from '#components/ui/link.tsx';

/** A schedule in words, with its lines as they were written under it. */
export function ScheduleLines({
  schedule,
  description,
}: {
  schedule: Schedule;
  description: ScheduleDescription | undefined;
}) {
  const t = useTranslations('job');
  return (
    <>
      {description && <ScheduleWords schedule={description} />}
      {schedule.type === 'cron' &&
        schedule.lines.map((line) => (
          <code key={line} className="block font-mono text-meta leading-5 text-ink-3">
            {line}
          </code>
        ))}
      {schedule.type !== 'manual' && schedule.calendar && (
        <Link
          href={`/calendars/${schedule.calendar.key}`}
          className="block text-meta text-accent hover:underline"
        >
          {t('toCalendar', { key: schedule.calendar.key })}
        </Link>
      )}
    </>
  );
}
