'use client';

import { useTranslations } from 'next-intl';
import { StateWord } from '#components/state/state-word.tsx';
import { toneOf } from '#components/state/state.ts';
import { useNow } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { cn } from '#components/ui/cn.ts';
import { SectionHead } from '#components/ui/section-head.tsx';
import type { RunDetail } from '#core/runs/read-run.ts';
import type { AttemptSegment, Segment, WaitSegment } from '#core/runs/timeline.ts';
import { axisMarks } from './axis-marks.ts';
import { readRule } from './rule-words.ts';

/** Waits and attempts one under the other on one time axis, each with its explanation. */
export function RunAttempts({ detail }: { detail: RunDetail }) {
  const t = useTranslations('run');
  const words = useTimeWords();
  const now = useNow();
  const { timeline, run } = detail;
  const first = timeline[0];
  if (!first) return null;
  const fromMs = Date.parse(first.from);
  const toMs = Math.max(...timeline.map((part) => endMs(part, now)), fromMs + 1);
  const totalMs = toMs - fromMs;
  const waitedMs = timeline.reduce(
    (sum, part) => sum + (part.kind === 'wait' ? endMs(part, now) - Date.parse(part.from) : 0),
    0,
  );
  return (
    <section aria-labelledby="attempts">
      <SectionHead
        id="attempts"
        title={t('attempts')}
        note={t(waitedMs > 0 ? 'attemptsNote' : 'attemptsNoteShort', {
          total: words.duration(totalMs),
          waiting: words.duration(waitedMs),
        })}
      />
      <ol
        className={cn(
          'mt-2 grid grid-cols-[max-content_minmax(6rem,1fr)_fit-content(44%)] gap-x-4 text-table',
          'phone:grid-cols-[minmax(0,1fr)_auto]',
        )}
      >
        <Axis fromMs={fromMs} toMs={toMs} />
        {timeline.map((part) => (
          <Row
            key={`${part.kind}${part.from}`}
            part={part}
            queue={run.queue}
            left={((Date.parse(part.from) - fromMs) / totalMs) * 100}
            width={((endMs(part, now) - Date.parse(part.from)) / totalMs) * 100}
          />
        ))}
      </ol>
    </section>
  );
}

const rowLook =
  'col-span-3 grid min-h-7 grid-cols-subgrid items-center phone:col-span-2 phone:py-1.5';

function Axis({ fromMs, toMs }: { fromMs: number; toMs: number }) {
  const words = useTimeWords();
  return (
    <li aria-hidden className={cn(rowLook, 'phone:hidden')}>
      <span />
      <span className="relative h-4 text-axis text-ink-3">
        {axisMarks(fromMs, toMs, words.timeZone).map((mark) => (
          <span
            key={mark.atMs}
            suppressHydrationWarning
            className={cn(
              'absolute whitespace-nowrap',
              mark.share > 0.98 ? '-translate-x-full' : mark.share > 0.02 && '-translate-x-1/2',
            )}
            style={{ left: `${mark.share * 100}%` }}
          >
            {mark.label}
          </span>
        ))}
      </span>
    </li>
  );
}

function Row({
  part,
  queue,
  left,
  width,
}: {
  part: Segment;
  queue: string;
  left: number;
  width: number;
}) {
  const t = useTranslations('run');
  const state = part.kind === 'wait' ? 'queued' : part.outcome;
  const word =
    part.kind === 'attempt'
      ? t('attempt', { number: part.number })
      : part.waitedFor === 'retry'
        ? t('wait')
        : t('queuedRow');
  return (
    <li className={rowLook}>
      <StateWord
        state={state}
        word={word}
        className={cn('mr-2', part.kind === 'wait' && 'text-ink-3')}
      />
      <span
        className={cn(
          'relative h-3 phone:order-3 phone:col-span-2',
          'before:absolute before:inset-x-0 before:top-1/2 before:h-px before:bg-line',
        )}
      >
        <span
          className={cn(
            'absolute inset-y-0 rounded-[2px]',
            part.kind === 'wait'
              ? 'border border-dashed border-line-axis bg-canvas'
              : barLook[toneOf[part.outcome]],
          )}
          // A bar is never too thin to be seen.
          style={{ left: `min(${left}%, calc(100% - 3px))`, width: `max(${width}%, 3px)` }}
        />
      </span>
      <span className="min-w-0 break-words text-ink-2 phone:text-right phone:text-meta">
        {part.kind === 'wait' ? (
          <WaitWords part={part} queue={queue} />
        ) : (
          <AttemptWords part={part} />
        )}
      </span>
    </li>
  );
}

const barLook = {
  ok: 'bg-ok-fill',
  fail: 'bg-fail-fill',
  time: 'bg-time-fill',
  lost: 'bg-lost-fill',
  run: 'bg-run-fill',
  idle: 'bg-idle-fill',
} as const;

function WaitWords({ part, queue }: { part: WaitSegment; queue: string }) {
  const t = useTranslations('run.waited');
  const words = useTimeWords();
  const now = useNow();
  const duration = words.duration(endMs(part, now) - Date.parse(part.from), true);
  if (part.waitedFor === null) return t('unknown', { duration });
  if (part.waitedFor !== 'retry') return t(part.waitedFor, { duration, queue });
  const rule = part.rule === null ? null : readRule(part.rule);
  if (rule === null && part.rule !== null) return t('retryOther', { duration, rule: part.rule });
  const why = t(`rule.${rule?.cause ?? 'backoff'}`, {
    attempt: part.afterAttempt,
    detail: rule?.detail ?? '',
  });
  return t(rule?.isRetryAfter ? 'retryAfter' : 'retry', { duration, why });
}

function AttemptWords({ part }: { part: AttemptSegment }) {
  const t = useTranslations('run.outcomeOf');
  const words = useTimeWords();
  const now = useNow();
  const how =
    part.httpStatus !== null
      ? t('status', { status: String(part.httpStatus) })
      : part.signal !== null
        ? t('signal', { signal: part.signal })
        : part.exitCode !== null
          ? t('exit', { code: String(part.exitCode) })
          : null;
  return [words.duration(endMs(part, now) - Date.parse(part.from), true), how, part.worker.name]
    .filter(Boolean)
    .join(', ');
}

function endMs(part: Segment, nowMs: number): number {
  return part.to === null ? Math.max(nowMs, Date.parse(part.from)) : Date.parse(part.to);
}
