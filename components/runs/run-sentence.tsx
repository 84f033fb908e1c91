'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { ElapsedTime } from '#components/time/duration.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { TextLink } from '#components/ui/text-link.tsx';
import { RunWhy } from '#components/why/run-why.tsx';
import type { RunDetail } from '#core/runs/read-run.ts';

/** How it went, why it ran, and whether others went the same way: one line of sentences. */
export function RunSentence({ detail }: { detail: RunDetail }) {
  return (
    <>
      <StateGlyph state={detail.run.state} />
      <Outcome detail={detail} />{' '}
      {detail.run.state === 'queued' && <RunWhy runId={detail.run.id} />} <Why detail={detail} />{' '}
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

function Why({ detail: { run } }: { detail: RunDetail }) {
  const t = useTranslations('run');
  const at = () => <AbsoluteTime at={run.forTick ?? run.scheduledFor} />;
  const by = run.requestedBy ?? t('someone');
  if (run.trigger === 'tick') return t.rich('why.tick', { at });
  if (run.trigger === 'retry') {
    return t.rich('why.retry', { by, id: run.retryOf ?? 0, link: linkTo(run.retryOf ?? 0) });
  }
  if (run.trigger === 'backfill') {
    const id = run.backfillId ?? 0;
    const href = `/jobs/${run.jobKey}/backfill/${id}`;
    return t.rich('why.backfill', {
      at,
      by,
      id,
      link: (chunks: ReactNode) => <TextLink href={href}>{chunks}</TextLink>,
    });
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
