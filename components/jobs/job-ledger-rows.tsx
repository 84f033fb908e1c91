'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { RunSummary } from '#core/runs/summary.ts';
import { NextAttempt } from '#components/runs/next-attempt.tsx';
import { StateWord } from '#components/state/state-word.tsx';
import { toneOf } from '#components/state/state.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Duration, ElapsedTime } from '#components/time/duration.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { cn } from '#components/ui/cn.ts';
import { Link } from '#components/ui/link.tsx';
import { Td, Tr } from '#components/ui/table.tsx';

/** On the phone: outcome and time, then what became of it and how long it took. */
export const phoneRow = 'phone:grid-cols-[minmax(0,1fr)_auto]! phone:min-h-13!';
export const place = {
  outcome: 'phone:block! phone:col-start-1! phone:row-start-1!',
  tick: 'phone:block! phone:col-start-2! phone:row-start-1! phone:text-ink-3',
  took: 'phone:block! phone:col-start-2! phone:row-start-2! phone:text-meta phone:text-ink-3',
  note: 'phone:block! phone:col-start-1! phone:row-start-2! phone:pl-5.5 phone:text-meta phone:text-ink-3',
};

export function LedgerRunRow({
  run,
  withSeconds,
  ...row
}: {
  run: RunSummary;
  withSeconds: boolean;
  'data-row': string;
  isCursor: boolean;
}) {
  const t = useTranslations('job');
  return (
    <Tr {...row} className={cn('relative', phoneRow)}>
      <Td className={place.tick}>
        <Link
          href={`/runs/${run.id}`}
          data-row-link
          className="after:absolute after:inset-0 hover:underline focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          <TickTime at={run.scheduledFor} withSeconds={withSeconds} />
        </Link>
      </Td>
      <Td className={place.outcome}>
        <span className="flex items-center gap-2">
          <StateWord state={run.state} className="flex" />
          {run.trigger === 'test' && (
            <span className="rounded-mark bg-hover px-1.5 text-meta text-ink-2">{t('isTest')}</span>
          )}
        </span>
      </Td>
      <Td numeric className={cn('pr-4', place.took)}>
        <Took run={run} />
      </Td>
      <Td className="text-ink-2">
        <Why run={run} />
      </Td>
      <Td className="text-ink-2">{run.worker?.name}</Td>
      <Td className="text-ink-2">{run.revision}</Td>
      <Td className={cn('text-ink-2', place.note)}>
        <Became run={run} />
        <PhoneNote>
          <Why run={run} />
          {run.worker && `, ${run.worker.name}`}
        </PhoneNote>
      </Td>
    </Tr>
  );
}

/** The next tick, above the line of now. */
export function PlannedRow({
  at,
  withSeconds,
  revision,
}: {
  at: string;
  withSeconds: boolean;
  revision: number;
}) {
  const t = useTranslations('job');
  return (
    <Tr className={cn('border-dashed text-ink-3', phoneRow)}>
      <Td className={place.tick}>
        <TickTime at={at} withSeconds={withSeconds} />
      </Td>
      <Td className={place.outcome}>
        <StateWord state="planned" className="flex text-ink-3" />
      </Td>
      <Td className={cn('pr-4', place.took)} />
      <Td>{t('why.tick')}</Td>
      <Td />
      <Td>{revision}</Td>
      <Td className={place.note}>
        <RelativeTime at={at} />
      </Td>
    </Tr>
  );
}

/** "Tue 23 Mar  02:30" */
function TickTime({ at, withSeconds }: { at: string; withSeconds: boolean }) {
  return (
    <>
      <Day at={at} />
      <AbsoluteTime at={at} form={withSeconds ? 'seconds' : 'time'} />
    </>
  );
}

export function Day({ at }: { at: string }) {
  const words = useTimeWords();
  const clock = useClock();
  return (
    <span className="mr-2 inline-block min-w-20 text-ink-3 phone:min-w-0" suppressHydrationWarning>
      {words.absolute(Date.parse(at), clock.atFirst, 'day')}
    </span>
  );
}

function Took({ run }: { run: RunSummary }) {
  if (run.state === 'running' && run.startedAt) return <ElapsedTime since={run.startedAt} />;
  return run.durationMs === null ? null : <Duration ms={run.durationMs} />;
}

function Why({ run }: { run: RunSummary }) {
  const t = useTranslations('job');
  return t(`why.${run.trigger}`, { by: run.requestedBy ?? '' });
}

/** What one wants to know beside the outcome: attempts, the cause, whom it stands for. */
function Became({ run }: { run: RunSummary }) {
  const t = useTranslations('job');
  if (run.state === 'skipped' && run.skipReason) {
    return t(`skipped.${run.skipReason}`, { queue: run.queue });
  }
  if (run.state === 'queued') {
    if (run.isHeld) return t('isHeld');
    return run.attempts > 0 ? <NextAttempt run={run} /> : t('isWaiting');
  }
  const isBad = ['fail', 'time', 'lost'].includes(toneOf[run.state]);
  const parts: ReactNode[] = [];
  if (run.isCancelRequested) parts.push(t('isCancelling'));
  if (run.attempts > 1) {
    parts.push(
      isBad ? t('attempts', { count: run.attempts }) : t('nthAttempt', { number: run.attempts }),
    );
  }
  if (run.retryOf !== null) {
    parts.push(
      run.forTick
        ? t.rich('retryForTick', { at: () => <AbsoluteTime at={run.forTick ?? ''} /> })
        : t('retryOf', { id: run.retryOf }),
    );
  }
  if (run.note) parts.push(`“${run.note}”`);
  if (run.cause) {
    parts.push(
      <span key="cause" className={cn('font-mono text-meta', isBad && 'text-fail-ink')}>
        {run.cause}
      </span>,
    );
  }
  return parts.map((part, index) => (
    <span key={index}>
      {index > 0 && ', '}
      {part}
    </span>
  ));
}

/** What the phone has no column for; only where nothing else is said. */
function PhoneNote({ children }: { children: ReactNode }) {
  return <span className="hidden first:phone:inline">{children}</span>;
}
