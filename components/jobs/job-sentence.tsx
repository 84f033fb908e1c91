'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { JobSummary } from '#core/jobs/job-summary.ts';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import type { ShownState } from '#components/state/state.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Duration, ElapsedTime } from '#components/time/duration.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Link } from '#components/ui/link.tsx';
import type { JobName } from './job-queries.ts';
import { useNextTick } from './use-next-tick.ts';
import { useZoneWords } from './zone-words.ts';

const glyphs: Readonly<Record<JobSummary['state'], ShownState>> = {
  failing: 'failed',
  overdue: 'overdue',
  running: 'running',
  paused: 'paused',
  healthy: 'succeeded',
  never_ran: 'planned',
};

/** Whether the job behaves, what happened last and what comes next, in one sentence. */
export function JobSentence({ name, job }: { name: JobName; job: JobSummary }) {
  const nextAt = useNextTick(name, job);
  return (
    <>
      <StateGlyph state={glyphs[job.state]} />
      <StateWords job={job} />{' '}
      {job.state !== 'paused' && <NextWords nextAt={nextAt} schedule={job.schedule} />}
    </>
  );
}

const b = (words: ReactNode) => <b>{words}</b>;

function StateWords({ job }: { job: JobSummary }) {
  const t = useTranslations('job');
  const { lastRun, failing, running, overdue, paused } = job;
  switch (job.state) {
    case 'paused':
      return t.rich('isPaused', {
        b,
        by: paused?.by ?? '',
        since: () => <AbsoluteTime at={paused?.since ?? ''} />,
        hasReason: String(Boolean(paused?.reason)),
        reason: paused?.reason ?? '',
        ticks: paused?.ticks ?? -1,
        isTimed: String(Boolean(paused?.until)),
        until: () => <AbsoluteTime at={paused?.until ?? ''} />,
        answer: paused?.answer?.rule ?? 'skip',
      });
    case 'failing':
      return t.rich('isFailing', {
        b,
        runs: failing?.runs ?? 1,
        amount: failing?.isMore
          ? t('moreThan', { number: failing.runs })
          : String(failing?.runs ?? 1),
        hasCause: String(Boolean(lastRun?.cause)),
        since: () => <AbsoluteTime at={failing?.since ?? lastRun?.at ?? ''} />,
        cause: () =>
          lastRun?.cause ? (
            <Link
              href={`/runs/${lastRun.id}`}
              className="font-mono text-[0.8125rem] text-fail-ink hover:underline"
            >
              {lastRun.cause}
            </Link>
          ) : null,
      });
    case 'overdue':
      return t.rich('isOverdue', {
        b,
        since: () => <AbsoluteTime at={overdue?.since ?? ''} />,
      });
    case 'running':
      return t.rich('isRunning', {
        b,
        for: () => (
          <Link href={`/runs/${running?.runId}`} className="text-accent hover:underline">
            <ElapsedTime since={running?.since ?? ''} />
          </Link>
        ),
      });
    case 'healthy':
      return t.rich('isHealthy', {
        b,
        ago: () => <RelativeTime at={lastRun?.finishedAt ?? lastRun?.at ?? ''} />,
        took: () => <Duration ms={lastRun?.durationMs ?? 0} />,
      });
    case 'never_ran':
      return t.rich('hasNeverRun', { b });
  }
}

function NextWords({
  nextAt,
  schedule,
}: {
  nextAt: string | null;
  schedule: JobSummary['schedule'];
}) {
  const t = useTranslations('job');
  if (schedule?.isManual) return t('nextByHand');
  if (nextAt === null) return null;
  return t.rich('next', {
    b,
    at: () => <AbsoluteTime at={nextAt} />,
    in: () => <RelativeTime at={nextAt} />,
    zone: () => <ZoneWords at={nextAt} zone={schedule?.timeZone ?? 'UTC'} />,
  });
}

/** The job's zone, with its time where that isn't the reader's. */
function ZoneWords({ at, zone }: { at: string; zone: string }) {
  const t = useTranslations('job');
  const { timeZone, absolute } = useTimeWords();
  const inZone = useZoneWords(zone);
  const atMs = Date.parse(at);
  const there = inZone.time(atMs);
  if (zone === timeZone || there === absolute(atMs, atMs, 'time')) return <>{zone}</>;
  return <>{t('thereIs', { time: there, zone })}</>;
}
