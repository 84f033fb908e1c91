'use client';

import { useTranslations } from 'next-intl';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import type { ShellHealth } from './shell-facts.ts';

/** One glance at Punctual itself: well, and how late ticks start; or what is wrong. */
export function HealthLine({ health }: { health: ShellHealth }) {
  const t = useTranslations('shell');
  const time = useTimeWords();
  const isWell = health.state === 'well';
  const detail = ((): string | null => {
    if (health.state === 'well') {
      if (health.startLagMs === null) return null;
      return t('startsAfterDue', { duration: time.duration(health.startLagMs) });
    }
    switch (health.problem) {
      case 'no_worker':
        return t('noWorker');
      case 'database_gone':
        return t('databaseGone');
      case 'planner_behind':
        return t('plannerBehind', { duration: time.duration(health.behindMs) });
    }
  })();
  return (
    <p className="flex items-start gap-2.5 p-2 text-table">
      <StateGlyph state={isWell ? 'well' : 'failed'} className="mt-[3px]" />
      <span>
        {t(isWell ? 'well' : 'unwell')}
        {detail && <span className="block text-meta text-ink-3">{detail}</span>}
      </span>
    </p>
  );
}
