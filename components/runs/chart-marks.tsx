'use client';

import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { chartMarks } from './run-chart-layout.ts';

/** Round instants in words, below a chart of time that is `width` px wide. */
export function ChartMarks({
  chart,
  width,
}: {
  chart: Parameters<typeof chartMarks>[0];
  width: number;
}) {
  const words = useTimeWords();
  const clock = useClock();
  return (
    <div aria-hidden className="relative mt-1 h-4 overflow-hidden text-axis text-ink-3">
      {chartMarks(chart, width).map(({ atMs, share, isDay }) => (
        <span
          key={atMs}
          suppressHydrationWarning
          className="absolute whitespace-nowrap"
          style={{ left: `${share * 100}%` }}
        >
          {words.absolute(atMs, clock.atFirst, isDay ? 'day' : 'time')}
        </span>
      ))}
    </div>
  );
}
