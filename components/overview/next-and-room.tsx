'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { Overview } from '#core/overview/overview.ts';
import { SlotBlocks } from '#components/queues/slot-blocks.tsx';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { ElapsedTime } from '#components/time/duration.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { Link } from '#components/ui/link.tsx';
import { MiddleEllipsis } from '#components/ui/middle-ellipsis.tsx';
import { SectionHead } from '#components/ui/section-head.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { useFirstToCome } from './overview-title.tsx';

const MOST_NEXT = 6;
const MOST_QUEUES = 8;

/** What fires next. */
export function NextSection({
  next,
  isPausedAll,
}: {
  next: Overview['next'];
  isPausedAll: boolean;
}) {
  const t = useTranslations('overview');
  const first = useFirstToCome(next);
  const shown = next.slice(first, first + MOST_NEXT);
  return (
    <section aria-labelledby="next">
      <SectionHead
        id="next"
        title={t('next')}
        end={<TextLink href="/jobs?order=next">{t('allNext')}</TextLink>}
        className="pb-2"
      />
      {shown.length === 0 ? (
        <p className="border-y border-line py-3 text-table text-ink-2">
          {t(isPausedAll ? 'nextPausedAll' : 'nextNone')}
        </p>
      ) : (
        <ul className="border-t border-line text-table">
          {shown.map(({ at, keys }) => (
            <li
              key={at}
              className="grid h-9 grid-cols-[3.25rem_minmax(0,1fr)_auto] items-center gap-3 border-b border-line phone:h-11"
            >
              <span className="truncate text-ink-2">
                <AbsoluteTime at={at} form="time" />
              </span>
              <span className="flex min-w-0 items-baseline gap-1.5">
                <Link href={`/jobs/${keys[0]}`} className="min-w-0 font-mono hover:underline">
                  <MiddleEllipsis text={keys[0] ?? ''} />
                </Link>
                {keys.length > 1 && (
                  <span className="shrink-0 text-ink-2" title={keys.slice(1).join(', ')}>
                    {t('andMore', { count: keys.length - 1 })}
                  </span>
                )}
              </span>
              <RelativeTime at={at} className="text-meta text-ink-2" />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Where there is room, the fullest queue first. */
export function RoomSection({ room }: { room: Overview['room'] }) {
  const t = useTranslations('overview');
  const format = useFormatter();
  const fullest = room
    .toSorted((a, b) => b.waiting - a.waiting || shareUsed(b) - shareUsed(a))
    .slice(0, MOST_QUEUES);
  return (
    <section aria-labelledby="room">
      <SectionHead
        id="room"
        title={t('room')}
        end={<TextLink href="/queues">{t('queues')}</TextLink>}
        className="pb-2"
      />
      <ul className="border-t border-line text-table">
        {fullest.map((queue) => (
          <li
            key={queue.name}
            className="flex min-h-9 items-center gap-3 border-b border-line py-1 phone:min-h-11"
          >
            <span className="min-w-0 flex-1 truncate" title={queue.name}>
              {queue.name}
            </span>
            <span className="shrink-0 text-meta text-ink-2">
              {t.rich('waiting', {
                count: queue.waiting,
                number: format.number(queue.waiting),
                isMore: String(queue.isMoreWaiting),
                hasOldest: String(queue.oldestWaitSince !== null && queue.waiting > 0),
                oldest: () => <ElapsedTime since={queue.oldestWaitSince ?? ''} />,
              })}
            </span>
            <SlotBlocks
              used={queue.running}
              slots={queue.maxRunning}
              label={t('slots', { used: queue.running, slots: queue.maxRunning })}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

const shareUsed = ({ running, maxRunning }: Overview['room'][number]) => running / maxRunning;
