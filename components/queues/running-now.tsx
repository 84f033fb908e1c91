'use client';

import { useTranslations } from 'next-intl';
import { ElapsedTime } from '#components/time/duration.tsx';
import { Link } from '#components/ui/link.tsx';
import { MiddleEllipsis } from '#components/ui/middle-ellipsis.tsx';

export type RunningNowItem = { runId: number; jobKey: string; since: string };

const SHOWN = 2;

/**
 * What runs, the longest first, each with a link to its run and for how long; beyond two a number, and a number alone of
 * what one may not know of.
 */
export function RunningNow({
  items,
  count,
}: {
  items: readonly RunningNowItem[];
  /** How many run in all. */
  count: number;
}) {
  const t = useTranslations('queues');
  if (items.length === 0) {
    return <span className="text-ink-3">{count === 0 ? '–' : t('hidden', { count })}</span>;
  }
  const more = count - Math.min(SHOWN, items.length);
  return (
    <span className="block min-w-0 leading-6">
      {items.slice(0, SHOWN).map(({ runId, jobKey, since }, index) => (
        <span key={runId} className="flex min-w-0 items-baseline gap-2">
          <Link
            href={`/runs/${runId}`}
            className="min-w-0 font-mono hover:underline phone:leading-11"
          >
            <MiddleEllipsis text={jobKey} />
          </Link>
          <ElapsedTime since={since} className="shrink-0 text-meta text-ink-3" />
          {more > 0 && index === Math.min(SHOWN, items.length) - 1 && (
            <span className="shrink-0 text-meta text-ink-3" title={t('more', { count: more })}>
              {t('moreShort', { count: more })}
            </span>
          )}
        </span>
      ))}
    </span>
  );
}
