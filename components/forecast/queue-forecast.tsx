'use client';

import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import type { QueueLoad } from '#core/forecast/forecast.ts';
import type { ForecastView } from '#core/forecast/read-forecast.ts';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { SectionHead } from '#components/ui/section-head.tsx';
import { useForecastAddress } from './forecast-address.ts';
import { LoadChart } from './load-chart.tsx';

const LoadTable = dynamic(() => import('./load-table.tsx').then((file) => file.LoadTable), {
  ssr: false,
});
const BucketPanel = dynamic(() => import('./bucket-panel.tsx').then((file) => file.BucketPanel), {
  ssr: false,
});

const ALL = 'all';

/** One queue, or all: its load against its slots, and who starts in the part that is opened. */
export function QueueForecast({
  forecast,
  queue,
  isTable,
}: {
  forecast: ForecastView;
  queue: QueueLoad;
  isTable: boolean;
}) {
  const t = useTranslations('forecast');
  const [address, change] = useForecastAddress();
  const of = queue.name === null ? ALL : `queue:${queue.name}`;
  const opened =
    address.of === of && address.from !== null && address.to !== null
      ? { from: address.from, to: address.to }
      : null;
  const id = `queue-${queue.name ?? ALL}`;
  return (
    <section aria-labelledby={id} className="mt-7">
      <SectionHead
        id={id}
        title={
          queue.name === null ? (
            t('allQueues')
          ) : (
            <span className="font-mono text-[0.9375rem]">{queue.name}</span>
          )
        }
        note={<Note queue={queue} />}
      />
      {isTable ? (
        <LoadTable forecast={forecast} queue={queue} />
      ) : (
        <LoadChart
          forecast={forecast}
          queue={queue}
          opened={opened}
          onOpen={(stretch) => change({ of, ...stretch })}
        />
      )}
      {opened && (
        <BucketPanel
          queue={queue.name}
          {...opened}
          onClose={() => change({ of: null, from: null, to: null })}
        />
      )}
    </section>
  );
}

function Note({ queue }: { queue: QueueLoad }) {
  const t = useTranslations('forecast');
  const words = useTimeWords();
  const wait = Math.max(0, ...queue.waitMs);
  const starts = queue.starts.reduce((sum, count) => sum + count, 0);
  const { maxRunning: limit, workerSlots } = queue;
  const hasWorkers = String(workerSlots > 0);
  return (
    <>
      {t('starts', { count: starts })}
      {' · '}
      {queue.name === null
        ? t('slotsOfAll', { hasWorkers, slots: queue.slots })
        : t('slotsNote', { hasWorkers, limit, workerSlots })}
      {' · '}
      {wait < 1_000 ? (
        t('noWait')
      ) : (
        <span className="font-medium text-fail-ink">
          {t('longestWait', { wait: words.duration(wait) })}
        </span>
      )}
    </>
  );
}
