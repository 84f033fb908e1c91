'use client';

import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { chartMarks } from './run-chart-layout.ts';

const DAY_PX = 72;
const TIME_PX = 34;

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
  // A mark too near the end has no room for its words.
  const marks = chartMarks(chart, width).filter(
    ({ share, isDay }) => (1 - share) * width > (isDay ? DAY_PX : TIME_PX),
  );
  return (
    <div aria-hidden className="relative mt-1 h-4 overflow-hidden text-axis text-ink-3">
      {marks.map(({ atMs, share, isDay }) => (
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
