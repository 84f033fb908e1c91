'use client';

import { useTranslations } from 'next-intl';
import { cn } from '#components/ui/cn.ts';
import { toneOf } from '#components/state/state.ts';
import type { RunDetail } from '#core/runs/read-run.ts';

const tints = {
  fail: 'bg-fail-tint',
  time: 'bg-time-tint',
  lost: 'bg-lost-tint',
  run: 'bg-hover',
  ok: 'bg-hover',
  idle: 'bg-hover',
} as const;

/** The line that says why, pulled from the log, with the way to where it stands. */
export function RunCause({ detail: { run, timeline } }: { detail: RunDetail }) {
  const t = useTranslations('run');
  if (!run.cause || run.state === 'succeeded' || run.state === 'queued') return null;
  // The sentence says by whom already.
  if (run.state === 'cancelled' && run.cancelledBy !== null) return null;
  const last = timeline.findLast((part) => part.kind === 'attempt');
  const line = last?.kind === 'attempt' ? last.causeLine : null;
  return (
    <p
      className={cn(
        'mt-4 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 rounded-box px-3 py-2.5 font-mono text-table phone:-mx-gutter phone:rounded-none phone:px-gutter',
        tints[toneOf[run.state]],
      )}
    >
      <span className="min-w-0 break-words">{run.cause}</span>
      {line !== null && (
        <a
          href={`#L${line}`}
          className="font-sans whitespace-nowrap text-accent underline-offset-[3px] hover:underline"
        >
          {t('causeLine', { line })}
        </a>
      )}
    </p>
  );
}
