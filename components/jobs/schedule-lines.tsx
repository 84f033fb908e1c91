'use client';

import type { ScheduleDescription } from '#core/schedules/description.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { ScheduleWords } from '#components/schedules/schedule-words.tsx';

/** A schedule in words, with its lines as they were written under it. */
export function ScheduleLines({
  schedule,
  description,
}: {
  schedule: Schedule;
  description: ScheduleDescription | undefined;
}) {
  return (
    <>
      {description && <ScheduleWords schedule={description} />}
      {schedule.type === 'cron' &&
        schedule.lines.map((line) => (
          <code key={line} className="block font-mono text-meta leading-5 text-ink-3">
            {line}
          </code>
        ))}
    </>
  );
}
