'use client';

import { useTranslations } from 'next-intl';
import type { NextTick } from '#core/jobs/next-ticks.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import type { ChartLayout } from './job-chart-layout.ts';
import { CHART_DOWN, CHART_TOP, CHART_ZERO } from './job-chart-measures.ts';

const DAY_MS = 86_400_000;
const LABEL_Y = CHART_ZERO + CHART_DOWN + 20;
const LABEL_WIDTH = 56;
const LABEL_APART = 180;

/** The zero line, now, a few times along it, and the first tick to come that the change of the clock moves. */
export function ChartAxis({
  layout,
  ticks,
  width,
}: {
  layout: ChartLayout;
  ticks: readonly NextTick[];
  width: number;
}) {
  const t = useTranslations('job');
  const labels = useLabels(layout, ticks, width);
  const { nowX } = layout;
  return (
    <g className="text-axis">
      <g shapeRendering="crispEdges">
        <line
          x1={0}
          x2={width}
          y1={CHART_ZERO + 0.5}
          y2={CHART_ZERO + 0.5}
          className="stroke-line-axis"
        />
        <line
          x1={nowX}
          x2={nowX}
          y1={CHART_TOP - 4}
          y2={CHART_ZERO + CHART_DOWN + 4}
          className="stroke-ink"
        />
      </g>
      {labels.map(({ x, anchor, text }) => (
        <text
          key={x}
          x={x}
          y={LABEL_Y}
          textAnchor={anchor}
          className="fill-ink-3"
          suppressHydrationWarning
        >
          {text}
        </text>
      ))}
      <text
        x={Math.min(nowX, width - 12)}
        y={LABEL_Y}
        textAnchor="middle"
        className="fill-ink font-medium"
      >
        {t('now')}
      </text>
      <MovedTick layout={layout} ticks={ticks} width={width} />
    </g>
  );
}

type Label = { x: number; anchor: 'start' | 'middle' | 'end'; text: string };

function useLabels(layout: ChartLayout, ticks: readonly NextTick[], width: number): Label[] {
  const time = useTimeWords();
  const clock = useClock();
  const { full, nowX } = layout;
  const [first] = full;
  const spanMs = first ? clock.atFirst - Date.parse(first.item.at) : 0;
  const words = (at: string) =>
    time
      .absolute(Date.parse(at), clock.atFirst, spanMs < DAY_MS ? 'time' : 'date')
      .replace(/^\w+,? /, '')
      .replace(/ \d{4}$/, '');
  const labels: Label[] = [];
  for (const bar of full) {
    const after = labels.at(-1);
    if (after && bar.x - after.x < LABEL_APART) continue;
    if (nowX - bar.x < LABEL_WIDTH + 16) break;
    labels.push({ x: bar.x, anchor: 'start', text: words(bar.item.at) });
  }
  const lastAhead = ticks[layout.aheadX.length - 1];
  if (lastAhead && width - nowX > LABEL_WIDTH + 24) {
    labels.push({ x: width, anchor: 'end', text: words(lastAhead.at) });
  }
  return labels;
}

function MovedTick({
  layout,
  ticks,
  width,
}: {
  layout: ChartLayout;
  ticks: readonly NextTick[];
  width: number;
}) {
  const t = useTranslations('job');
  const time = useTimeWords();
  const clock = useClock();
  // Only what the clock does is told here: by jitter or a calendar a tick may move any day.
  const index = ticks.findIndex(
    ({ mark }) => mark?.kind === 'moved_by_dst' || mark?.kind === 'repeated',
  );
  const x = layout.aheadX[index];
  const tick = ticks[index];
  if (x === undefined || !tick?.mark) return null;
  const middle = x + layout.barWidth / 2;
  const text = t(tick.mark.kind === 'moved_by_dst' ? 'chartMoved' : 'chartRepeated', {
    at: time.absolute(Date.parse(tick.at), clock.atFirst),
  });
  return (
    <g>
      <line
        x1={middle}
        x2={middle}
        y1={CHART_TOP - 4}
        y2={CHART_ZERO - layout.aheadHeight - 3}
        className="stroke-time-fill"
      />
      <text
        x={width}
        y={CHART_TOP - 8}
        textAnchor="end"
        className="fill-time-ink font-medium"
        suppressHydrationWarning
      >
        {text}
      </text>
    </g>
  );
}
