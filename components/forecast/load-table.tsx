'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { QueueLoad } from '#core/forecast/forecast.ts';
import type { ForecastView } from '#core/forecast/read-forecast.ts';
import { Duration } from '#components/time/duration.tsx';
import { cn } from '#components/ui/cn.ts';
import { tableRows } from './load-layout.ts';
import { useColumnWords } from './use-column-words.ts';

/** The chart's numbers, an hour or more a row. */
export function LoadTable({ forecast, queue }: { forecast: ForecastView; queue: QueueLoad }) {
  const t = useTranslations('forecast');
  const format = useFormatter();
  const words = useColumnWords(forecast, queue);
  const number = (count: number) => (count === 0 ? '–' : format.number(count));
  const wait = (ms: number) => (ms < 1_000 ? '–' : <Duration ms={ms} />);
  return (
    <div
      className="mt-1 max-h-72 overflow-auto"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keys
      tabIndex={0}
      role="group"
      aria-label={queue.name ?? t('allQueues')}
    >
      <table className="w-full text-table whitespace-nowrap [&_:is(td,th)]:h-row-dense [&_:is(td,th)]:pr-3 [&_:is(td,th)]:text-right [&_:is(td,th):first-child]:text-left">
        <thead className="sticky top-0 bg-canvas text-meta text-ink-3 [&_th]:font-normal">
          <tr>
            <th scope="col">{t('table.from')}</th>
            <th scope="col">{t('table.starts')}</th>
            <th scope="col">{t('table.load')}</th>
            <th scope="col">{t('table.longLoad')}</th>
            <th scope="col">{t('table.wait')}</th>
            <th scope="col">{t('table.longWait')}</th>
            <th scope="col">{t('table.overlapped')}</th>
          </tr>
        </thead>
        <tbody>
          {tableRows(queue, forecast.bucketMs).map((row) => (
            <tr key={row.start} className="border-t border-line">
              <td suppressHydrationWarning>{words.at(row.start)}</td>
              <td>{number(row.starts)}</td>
              <td className={cn(row.load > queue.slots && 'font-medium text-fail-ink')}>
                {number(row.load)}
              </td>
              <td>{number(Math.max(row.load, row.longLoad))}</td>
              <td className={cn(row.waitMs >= 1_000 && 'font-medium text-fail-ink')}>
                {wait(row.waitMs)}
              </td>
              <td>{wait(row.longWaitMs)}</td>
              <td>{number(row.overlapped)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
