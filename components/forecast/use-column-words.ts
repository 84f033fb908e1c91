'use client';

import { useTranslations } from 'next-intl';
import type { QueueLoad } from '#core/forecast/forecast.ts';
import type { ForecastView } from '#core/forecast/read-forecast.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import type { LoadColumn } from './load-layout.ts';

/** Where a column begins and ends, and what is in it: "00:00 to 00:05: 42 runs start; 42 at once, 10 slots; …". */
export function useColumnWords(forecast: ForecastView, { slots }: QueueLoad) {
  const t = useTranslations('forecast');
  const time = useTimeWords();
  const clock = useClock();
  const fromMs = Date.parse(forecast.from);
  const atOf = (bucket: number) => fromMs + bucket * forecast.bucketMs;
  const stretchOf = ({ start, end }: LoadColumn) => ({
    from: new Date(atOf(start)).toISOString(),
    to: new Date(atOf(end)).toISOString(),
  });
  const at = (bucket: number) => time.absolute(atOf(bucket), clock.atFirst);
  const wordsOf = (column: LoadColumn) =>
    t('column', {
      ...column,
      from: at(column.start),
      to: at(column.end),
      slots,
      hasLong: String(column.longLoad > column.load),
      waits: String(column.waitMs >= 1_000),
      wait: time.duration(column.waitMs),
    });
  return { atOf, at, stretchOf, wordsOf };
}
