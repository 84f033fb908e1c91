'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { ElapsedTime } from '#components/time/duration.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { TextLink } from '#components/ui/text-link.tsx';
import type { RunDetail } from '#core/runs/read-run.ts';

/** How it went, why it ran, and whether others went the same way: one line of sentences. */
export function RunSentence({ detail }: { detail: RunDetail }) {
  return (
    <>
      <StateGlyph state={detail.run.state} />
      <Outcome detail={detail} /> <Waiting detail={detail} /> <Why detail={detail} />{' '}
      <Streak detail={detail} />
    </>
  );
}

const rich = { b: (chunks: ReactNode) => <b>{chunks}</b> };

function Outcome({ detail: { run, timeline } }: { detail: RunDetail }) {
  const t = useTranslations('run');
  const words = useTimeWords();
  const attempt = run.attempts;
  const duration = words.duration(run.durationMs ?? 0);
  const total = words.duration(totalMs(timeline));
  const when = () => (run.finishedAt === null ? null : <RelativeTime at={run.finishedAt} />);
  const values = { ...rich, attempt, duration, total, when };
  switch (run.state) {
    case 'queued':
      return t.rich(attempt > 0 ? 'outcome.queuedAgain' : 'outcome.queued', {
        ...values,
        attempt: attempt + 1,
      });
    case 'running':
      if (run.isCancelRequested) return t.rich('outcome.cancelling', rich);
      return t.rich(attempt > 1 ? 'outcome.runningAgain' : 'outcome.running', {
        ...values,
        elapsed: () => <ElapsedTime since={run.startedAt ?? run.dueAt} />,
      });
    case 'succeeded':
    case 'failed':
    case 'timed_out':
    case 'lost':
      return t.rich(attempt > 1 ? `outcome.${run.state}After` : `outcome.${run.state}`, values);
    case 'cancelled':
      return t.rich('outcome.cancelled', { ...values, by: run.cancelledBy ?? t('someone') });
    case 'skipped':
      return t.rich(`outcome.skipped.${run.skipReason ?? 'overlap'}`, rich);
  }
}

function Waiting({ detail: { waiting } }: { detail: RunDetail }) {
  const t = useTranslations('run.waiting');
  if (!waiting) return null;
  switch (waiting.reason) {
    case 'not_due':
      return t.rich('not_due', { when: () => <RelativeTime at={waiting.until} /> });
    case 'retry':
      return t.rich('retry', {
        when: () => <RelativeTime at={waiting.until} />,
        attempt: waiting.afterAttempt,
      });
    case 'overlap':
      return t.rich('overlap', { id: waiting.runId, link: linkTo(waiting.runId) });
    case 'no_worker_fits':
      return t('no_worker_fits', { queue: waiting.queue, kind: waiting.kind });
    case 'max_parallel':
      return t('max_parallel', { limit: waiting.limit });
    case 'queue_full':
      return t('queue_full', {
        queue: waiting.queue,
        running: waiting.running,
        limit: waiting.limit,
      });
    case 'no_free_slot':
      return t('no_free_slot', { workers: waiting.workers });
    case 'everything_paused':
    case 'job_paused':
    case 'no_worker':
    case 'about_to_start':
      return t(waiting.reason);
  }
}

function Why({ detail: { run } }: { detail: RunDetail }) {
  const t = useTranslations('run');
  const at = () => <AbsoluteTime at={run.forTick ?? run.scheduledFor} />;
  const by = run.requestedBy ?? t('someone');
  if (run.trigger === 'tick') return t.rich('why.tick', { at });
  if (run.trigger === 'retry') {
    return t.rich('why.retry', { by, id: run.retryOf ?? 0, link: linkTo(run.retryOf ?? 0) });
  }
  return t.rich(`why.${run.trigger}`, { at, by });
}

function Streak({ detail: { failingStreak: streak } }: { detail: RunDetail }) {
  const t = useTranslations('run.streak');
  if (!streak || streak.sameCause === 0) return null;
  if (streak.isMore) return t('many', { count: streak.sameCause });
  return t.rich('same', {
    count: streak.sameCause,
    since: () => <AbsoluteTime at={streak.since} />,
  });
}

function linkTo(runId: number) {
  return (chunks: ReactNode) => <TextLink href={`/runs/${runId}`}>{chunks}</TextLink>;
}

/** From when the run was due to the end of its last attempt. */
function totalMs(timeline: RunDetail['timeline']): number {
  const [first, last] = [timeline[0], timeline.at(-1)];
  if (!first || !last?.to) return 0;
  return Date.parse(last.to) - Date.parse(first.from);
}
