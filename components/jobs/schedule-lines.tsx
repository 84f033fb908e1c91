'use client';

import type { Schedule } from '#core/schedules/schedule.ts';

/** A schedule in words, with its lines as they were written under it. */
export function ScheduleLines({
  schedule,
  words,
}: {
  schedule: Schedule;
  words: string | undefined;
}) {
  return (
    <>
      {words}
      {schedule.type === 'cron' &&
        schedule.lines.map((line) => (
          <code key={line} className="block font-mono text-meta leading-5 text-ink-3">
            {line}
          </code>
        ))}
    </>
  );
}
