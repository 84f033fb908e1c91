'use client';

import { useTranslations } from 'next-intl';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Link } from '#components/ui/link.tsx';
import type { ShellHealth } from '#core/overview/shell.ts';

const looks = {
  well: { glyph: 'well', words: 'well' },
  warn: { glyph: 'overdue', words: 'look' },
  bad: { glyph: 'failed', words: 'unwell' },
} as const;

/** One glance at Punctual itself: well, and how late ticks start; or what is wrong. Leads to Health. */
export function HealthLine({ health, mayOpen }: { health: ShellHealth; mayOpen: boolean }) {
  const t = useTranslations('shell');
  const { glyph, words } = looks[health.level];
  const content = (
    <>
      <StateGlyph state={glyph} className="mt-[3px]" />
      <span className="min-w-0">
        {t(words)}
        <Detail health={health} />
      </span>
    </>
  );
  const className = 'flex items-start gap-2.5 rounded-box p-2 text-table';
  return mayOpen ? (
    <Link href="/health" className={`${className} hover:bg-hover`}>
      {content}
    </Link>
  ) : (
    <p className={className}>{content}</p>
  );
}

function Detail({ health }: { health: ShellHealth }) {
  const t = useTranslations('shell');
  const checks = useTranslations('health.check');
  const time = useTimeWords();
  const look = 'block text-meta text-ink-3';
  if (health.level !== 'well') {
    const { check, count, isKnown } = health;
    const words = checks(`${check}.${isKnown ? 'title' : 'unknown'}`, {
      count,
      value: '',
      about: '',
    });
    return <span className={look}>{words}</span>;
  }
  if (health.startLagMs === null) return null;
  return (
    <span className={look}>
      {t('startsAfterDue', { duration: time.duration(health.startLagMs) })}
    </span>
  );
}
