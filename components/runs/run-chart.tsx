'use client';

import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import { fillOf } from '#components/state/state.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { cn } from '#components/ui/cn.ts';
import { Segmented } from '#components/ui/segmented.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { tips } from '#components/ui/tip-store.ts';
import { useWidth } from '#components/ui/use-width.ts';
import type { RunChart as Chart } from '#core/runs/run-chart.ts';
import { RunChartBrush } from './run-chart-brush.tsx';
import {
  CHART_HEIGHT,
  CHART_ZERO,
  layoutRunChart,
  stretchOf,
  timeOf,
  totalOf,
} from './run-chart-layout.ts';
import type { ChangeRunList, RunListAddress, Span } from './run-list-address.ts';
import { SPANS } from './run-list-address.ts';
import { ChartMarks } from './chart-marks.tsx';
import { useCountWords } from './use-count-words.ts';

const FIRST_WIDTH = 1_160;

/** How many runs match, over time; also the filter by time: drag over it, or move its two edges. */
export function RunChart({
  chart,
  address,
  change,
}: {
  chart: Chart;
  address: RunListAddress;
  change: ChangeRunList;
}) {
  const t = useTranslations('runs.chart');
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, FIRST_WIDTH);
  const { slot, bars } = layoutRunChart(chart.buckets, width);
  const stretch = stretchOf(chart.buckets, address.from, address.to);
  const words = useBucketWords(chart);
  const isChosen = address.from !== null || address.to !== null;
  return (
    <section aria-label={t('title')} className="mt-3">
      <div className="flex items-end justify-between gap-4 text-axis text-ink-3">
        <ChartWords chart={chart} />
        <Segmented
          label={t('span')}
          className="shrink-0 whitespace-nowrap"
          value={address.span}
          onValueChange={(span: Span) => change({ span, from: null, to: null })}
          options={(Object.keys(SPANS) as Span[]).map((span) => ({
            value: span,
            label: t(`spans.${span}`),
          }))}
        />
      </div>
      {/* Drawn as wide as most screens until it has been measured. */}
      <div ref={box} className="relative mt-1.5 overflow-x-clip [overflow-clip-margin:8px]">
        <svg width="100%" height={CHART_HEIGHT} className="block overflow-visible">
          <RunChartBrush
            slot={slot}
            buckets={chart.buckets}
            stretch={stretch}
            onStretch={(next) => change(timeOf(chart.buckets, next))}
          >
            {bars.map((bar, index) => (
              <g
                key={chart.buckets[index]!.at}
                className={cn(
                  isChosen && (index < stretch.start || index >= stretch.end) && 'opacity-40',
                )}
                onPointerEnter={(event) =>
                  tips.show(
                    { anchor: event.currentTarget, content: words(index), side: 'top' },
                    true,
                  )
                }
                onPointerLeave={tips.leave}
              >
                <rect x={index * slot} width={slot} height={CHART_HEIGHT} fill="transparent" />
                {bar.parts.map((part) => (
                  <rect
                    key={part.tone}
                    x={bar.x}
                    y={part.y}
                    width={bar.width}
                    height={part.height}
                    className={fillOf[part.tone]}
                  />
                ))}
              </g>
            ))}
          </RunChartBrush>
          <line
            x1={0}
            x2={width}
            y1={CHART_ZERO + 0.5}
            y2={CHART_ZERO + 0.5}
            shapeRendering="crispEdges"
            className="stroke-line-axis"
          />
        </svg>
        <ChartMarks chart={chart} width={width} />
        <ChartTable chart={chart} />
      </div>
    </section>
  );
}

/** What a bar stands for, and the highest of them. */
function ChartWords({ chart }: { chart: Chart }) {
  const t = useTranslations('runs.chart');
  const time = useTimeWords();
  const clock = useClock();
  const counts = chart.buckets.map((bucket) => totalOf(bucket.counts));
  const most = Math.max(0, ...counts);
  const at = chart.buckets[counts.indexOf(most)]?.at;
  return (
    <span suppressHydrationWarning>
      {t('per', { width: time.duration(chart.bucketMs) })}
      {most > 0 && at !== undefined && (
        <span className="phone:hidden">
          {`, ${t('most', { count: most, at: time.absolute(Date.parse(at), clock.atFirst) })}`}
        </span>
      )}
    </span>
  );
}

/** "03:15 to 03:30: 12 runs, 2 failed, 10 succeeded" */
function useBucketWords(chart: Chart): (index: number) => string {
  const t = useTranslations('runs.chart');
  const time = useTimeWords();
  const clock = useClock();
  const countWords = useCountWords();
  return (index) => {
    const bucket = chart.buckets[index]!;
    const atMs = Date.parse(bucket.at);
    return t('bucket', {
      from: time.absolute(atMs, clock.atFirst),
      to: time.absolute(atMs + chart.bucketMs, clock.atFirst),
      count: totalOf(bucket.counts),
      parts: countWords(bucket.counts),
    });
  };
}

/** The same numbers for those who can't see the bars. */
function ChartTable({ chart }: { chart: Chart }) {
  const t = useTranslations('runs.chart');
  const words = useBucketWords(chart);
  const filled = chart.buckets.flatMap(({ counts }, index) => (totalOf(counts) > 0 ? [index] : []));
  return (
    <ul aria-label={t('title')} className="sr-only">
      {filled.map((index) => (
        <li key={index} suppressHydrationWarning>
          {words(index)}
        </li>
      ))}
    </ul>
  );
}

export function RunChartSkeleton() {
  return (
    <div className="mt-3">
      <Skeleton className="ml-auto h-control-small w-44 rounded-box" />
      <div className="mt-1.5 border-b border-line-axis" style={{ height: CHART_HEIGHT }} />
      <div className="mt-1 h-4" />
    </div>
  );
}
