'use client';

import { useTranslations } from 'next-intl';
import type { JobSummary } from '#core/jobs/job-summary.ts';
import { inkOf, toneOf } from '#components/state/state.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { ElapsedTime } from '#components/time/duration.tsx';
import { useClockText } from '#components/time/now-provider.tsx';
import { LateTime, RelativeTime } from '#components/time/relative-time.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { shownStateOf } from './job-state.ts';

/** Why a job isn't simply healthy, in a few words beside its key; nothing where there is nothing to say. */
export function JobReason({ job }: { job: JobSummary }) {
  const t = useTranslations('jobs.reason');
  const ink = inkOf[toneOf[shownStateOf(job)]];
  switch (job.state) {
    case 'failing': {
      const { failing, lastRun } = job;
      if (failing && failing.runs > 1) {
        return (
          <span className={ink}>
            {t.rich('failingFor', { time: () => <ElapsedTime since={failing.since} /> })}
          </span>
        );
      }
      const state =
        lastRun?.state === 'timed_out' || lastRun?.state === 'lost' ? lastRun.state : 'failed';
      return (
        <span className={ink} title={lastRun?.cause ?? undefined}>
          {t.rich(state, { time: () => <AbsoluteTime at={lastRun?.at ?? ''} /> })}
        </span>
      );
    }
    case 'overdue':
      return <span className={ink}>{t('notStarted')}</span>;
    case 'paused':
      return job.paused?.reason ? (
        <span className="text-ink-2" title={job.paused.reason}>
          {t('paused', { reason: job.paused.reason })}
        </span>
      ) : (
        <span className="text-ink-3">{t('pausedBy', { by: job.paused?.by ?? '' })}</span>
      );
    default:
      return null;
  }
}

/** When a job runs next, or what stands in the way of that. */
export function JobNext({ job, isShort = false }: { job: JobSummary; isShort?: boolean }) {
  const t = useTranslations('jobs.next');
  const { overdue, running, paused, nextTickAt, nextInBlackout } = job;
  const quiet = (content: React.ReactNode) =>
    !isShort && <span className="text-ink-3"> · {content}</span>;
  if (paused) return <PausedFor paused={paused} isShort={isShort} />;
  if (job.state === 'overdue' && overdue) {
    return (
      <span>
        <span className={inkOf.time}>
          <LateTime dueAt={overdue.since} />
        </span>
        {quiet(<DueAt at={overdue.since} />)}
      </span>
    );
  }
  if (running) {
    return (
      <span className={inkOf.run}>
        {t.rich('running', { time: () => <ElapsedTime since={running.since} /> })}
      </span>
    );
  }
  if (nextTickAt || nextInBlackout) {
    return (
      <span
        className="text-ink-2"
        title={nextInBlackout ? t('afterBlackout', { name: nextInBlackout.name }) : undefined}
      >
        {nextTickAt ? <NextTick at={nextTickAt} /> : t('none')}
        {quiet(nextInBlackout ? t('blackout') : nextTickAt && <NextAt at={nextTickAt} />)}
      </span>
    );
  }
  return <span className="text-ink-3">{t(job.schedule?.isManual ? 'manual' : 'none')}</span>;
}

/** "in 48 s"; "now" from its second on until the next one is known. */
function NextTick({ at }: { at: string }) {
  const t = useTranslations('jobs.next');
  const atMs = Date.parse(at);
  const isPast = useClockText((nowMs) => atMs <= nowMs);
  return isPast ? <span>{t('now')}</span> : <RelativeTime at={at} className="text-ink" />;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The hour of a tick within a day, the day of a later one: the cell has room for one of them. */
function NextAt({ at }: { at: string }) {
  const time = useTimeWords();
  const atMs = Date.parse(at);
  return useClockText((nowMs) =>
    time.absolute(atMs, nowMs, atMs - nowMs < DAY_MS ? 'time' : 'day'),
  );
}

function DueAt({ at }: { at: string }) {
  const t = useTranslations('jobs.next');
  const time = useTimeWords();
  const atMs = Date.parse(at);
  return <>{t('due', { time: useClockText((nowMs) => time.absolute(atMs, nowMs)) })}</>;
}

function PausedFor({
  paused,
  isShort,
}: {
  paused: NonNullable<JobSummary['paused']>;
  isShort: boolean;
}) {
  const t = useTranslations('jobs.next');
  const time = useTimeWords();
  const sinceMs = Date.parse(paused.since);
  const lasted = useClockText((nowMs) => {
    const ms = nowMs - sinceMs;
    // The largest unit is enough for a pause.
    return time.elapsed(ms - (ms % (ms < MINUTE_MS ? 1_000 : ms < HOUR_MS ? MINUTE_MS : HOUR_MS)));
  });
  const until = useClockText((nowMs) =>
    paused.until === null ? '' : time.absolute(Date.parse(paused.until), nowMs),
  );
  const words = isShort
    ? t('paused')
    : t('pausedFor', {
        for: `· ${lasted}`,
        ticks: paused.ticks ?? 0,
        hasUntil: String(paused.until !== null),
        until,
      });
  return <span className="text-ink-3">{words}</span>;
}
