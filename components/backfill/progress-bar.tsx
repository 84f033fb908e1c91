'use client';

import { useTranslations } from 'next-intl';
import type { Backfill } from '#core/backfill/read-backfill.ts';
import { cn } from '#components/ui/cn.ts';

/** How far a backfill has come, and how its runs went: green, red and what is under way, on the track of what is left. */
export function ProgressBar({ backfill, className }: { backfill: Backfill; className?: string }) {
  const t = useTranslations('backfill');
  const { runs, ended } = backfill;
  // What is left out needs no run: once all are made, those are the whole.
  const whole = Math.max(1, backfill.isAllMade ? backfill.made : backfill.expected, ended);
  const bad = (runs.failed ?? 0) + (runs.timed_out ?? 0) + (runs.lost ?? 0);
  const good = runs.succeeded ?? 0;
  const parts = [
    { name: 'good', runs: good, look: 'bg-ok-fill' },
    { name: 'bad', runs: bad, look: 'bg-fail-fill' },
    { name: 'other', runs: ended - good - bad, look: 'bg-idle-fill' },
    { name: 'running', runs: runs.running ?? 0, look: 'bg-run-fill' },
  ];
  return (
    <div
      role="progressbar"
      aria-label={t('progressLabel', { id: backfill.id })}
      aria-valuemin={0}
      aria-valuemax={whole}
      aria-valuenow={ended}
      aria-valuetext={t('progress', { ended, expected: whole })}
      className={cn('flex h-1.5 overflow-hidden rounded-mark bg-sunk', className)}
    >
      {parts.map((part) => (
        <span
          key={part.name}
          className={cn('h-full shrink-0', part.look)}
          style={{ width: `${(part.runs / whole) * 100}%` }}
        />
      ))}
    </div>
  );
}
