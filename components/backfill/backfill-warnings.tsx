'use client';

import { useTranslations } from 'next-intl';
import type { BackfillWarning } from '#core/backfill/warnings.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Notice } from '#components/ui/banner.tsx';

/** What one should know before a backfill is begun. */
export function BackfillWarnings({ warnings }: { warnings: readonly BackfillWarning[] }) {
  if (warnings.length === 0) return null;
  return (
    <ul className="grid gap-1.5">
      {warnings.map((warning) => (
        <li key={warning.kind}>
          <Notice tone={toneOf(warning.kind)}>
            <Words warning={warning} />
          </Notice>
        </li>
      ))}
    </ul>
  );
}

function Words({ warning }: { warning: BackfillWarning }) {
  const t = useTranslations('backfill.warning');
  const words = useTimeWords();
  switch (warning.kind) {
    case 'under_way':
      return t('under_way', { id: warning.id });
    case 'queue_runs':
    case 'queue_holds':
      return t(warning.kind, { queue: warning.queue, most: warning.most });
    case 'ticks':
      return t.rich('ticks', {
        count: warning.count,
        isExclusive: String(warning.isExclusive),
        at: () => <AbsoluteTime at={warning.at} />,
      });
    case 'unrecorded':
    case 'before':
      return t(warning.kind, { count: warning.count });
    case 'long':
      return t('long', { takes: words.duration(warning.takesMs) });
    case 'unusable':
    case 'everything_paused':
    case 'paused':
    case 'one_at_a_time':
      return t(warning.kind);
  }
}

function toneOf(kind: BackfillWarning['kind']): 'fail' | 'warn' | 'info' {
  switch (kind) {
    case 'under_way':
    case 'unusable':
      return 'fail';
    case 'unrecorded':
    case 'long':
    case 'queue_holds':
    case 'everything_paused':
      return 'warn';
    default:
      return 'info';
  }
}
