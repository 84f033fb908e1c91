'use client';

import { useLocale, useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useMemo, useRef, useState } from 'react';
import type { JobChart as JobChartData, NextTick } from '#core/jobs/next-ticks.ts';
import type { JobDetail } from '#core/jobs/read-job.ts';
import { BarGroup } from '#components/bars/bar-group.tsx';
import { useBarWords } from '#components/bars/use-bar-words.ts';
import { usePageActions } from '#components/shell/commands.ts';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { tips } from '#components/ui/tip-store.ts';
import { useWidth } from '#components/ui/use-width.ts';
import { ChartAxis } from './job-chart-axis.tsx';
import type { Stretch } from './job-chart-brush.tsx';
import { goodDurations, layOutChart, quantile } from './job-chart-layout.ts';
import { CHART_DOWN, CHART_HEIGHT, CHART_ZERO } from './job-chart-measures.ts';

// Asked for by a key: most never do.
const ChartTableDialog = dynamic(
  () => import('./job-chart-table.tsx').then((file) => file.ChartTableDialog),
  { ssr: false },
);

// The same for readers of the screen; the page can be read aloud before it is there.
const OutcomeTable = dynamic(
  () => import('#components/bars/outcome-table.tsx').then((file) => file.OutcomeTable),
  { ssr: false },
);

// What is chosen by hand comes once there are hands.
const ChartBrush = dynamic(() => import('./job-chart-brush.tsx').then((file) => file.ChartBrush), {
  ssr: false,
});

const NARROW = 600;

/** The last ticks and the next ones: height is duration. The two edges choose the ledger's time. */
export function JobChart({
  chart,
  reliability,
  stretch,
  onStretch,
}: {
  chart: JobChartData;
  reliability: Reliability;
  /** What the ledger shows; null is all. */
  stretch: Stretch | null;
  /** `isStep`: by a key, one of many. */
  onStretch: (stretch: Stretch | null, isStep: boolean) => void;
}) {
  const t = useTranslations('job');
  const time = useTimeWords();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 1_096);
  const isNarrow = width < NARROW;
  const [past, ahead] = isNarrow ? [30, 6] : [60, 14];
  const layout = useMemo(
    () =>
      layOutChart(chart.bars, chart.next.ticks.length, {
        width,
        past,
        ahead: chart.areTicks ? ahead : 0,
        left: isNarrow ? 0 : 64,
      }),
    [chart, width, past, ahead, isNarrow],
  );
  const [isTableOpen, setIsTableOpen] = useState(false);
  usePageActions([
    { id: 'chart-table', label: t('chartAsTable'), keys: 'd', run: () => setIsTableOpen(true) },
  ]);
  const title = chart.areTicks
    ? t('chartTitle', { past, ahead: layout.aheadX.length })
    : t('chartTitleRuns', { past });
  const durations = goodDurations(chart.bars);
  return (
    <section aria-label={title} className="mt-5 phone:mt-4">
      <div className="mb-2 flex items-baseline gap-3 whitespace-nowrap">
        <h2 className="text-head">{title}</h2>
        <span className="hidden text-meta text-ink-3 min-[75rem]:inline">{t('chartHint')}</span>
        {durations.length > 0 && (
          <span className="ml-auto flex gap-6 text-meta text-ink-3 phone:hidden [&_b]:ml-1 [&_b]:text-table [&_b]:font-medium [&_b]:text-ink">
            <span>
              {t('p50')} <b>{time.duration(quantile(durations, 0.5))}</b>
            </span>
            <span>
              {t('p95')} <b>{time.duration(quantile(durations, 0.95))}</b>
            </span>
            <Succeeded reliability={reliability} />
          </span>
        )}
      </div>
      {/* Drawn as wide as most screens until it has been measured. */}
      <div ref={box} className="overflow-x-clip [overflow-clip-margin:8px]">
        {chart.bars.length === 0 && chart.next.ticks.length === 0 ? (
          <p className="py-8 text-table text-ink-3">{t('chartEmpty')}</p>
        ) : (
          <svg
            width={width}
            height={CHART_HEIGHT}
            viewBox={`0 0 ${width} ${CHART_HEIGHT}`}
            className="block max-w-full overflow-visible"
          >
            <UsualLines layout={layout} width={width} isNarrow={isNarrow} />
            <PastBars layout={layout} />
            <AheadBars layout={layout} ticks={chart.next.ticks} />
            <ChartBrush layout={layout} stretch={stretch} onStretch={onStretch} />
            <ChartAxis layout={layout} ticks={chart.next.ticks} width={width} />
          </svg>
        )}
      </div>
      <OutcomeTable items={chart.bars} caption={title} hidden />
      {isTableOpen && (
        <ChartTableDialog title={title} bars={chart.bars} onClose={() => setIsTableOpen(false)} />
      )}
    </section>
  );
}

type Reliability = JobDetail['reliability'];
type Layout = ReturnType<typeof layOutChart>;

/** "succeeded 98.9 %, 90 d" */
function Succeeded({ reliability: { succeeded, finished, days } }: { reliability: Reliability }) {
  const t = useTranslations('job');
  const locale = useLocale();
  if (finished === 0) return null;
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  // Rounding must not hide the one run that went wrong.
  const shown = succeeded === finished ? 1 : Math.min(succeeded / finished, 0.999);
  return (
    <span>
      {t.rich('succeededOf', {
        share: share.format(shown),
        days,
        b: (words) => <b>{words}</b>,
      })}
    </span>
  );
}

/** Half of the runs that went well took no longer than p50, nineteen of twenty no longer than p95. */
function UsualLines({
  layout,
  width,
  isNarrow,
}: {
  layout: Layout;
  width: number;
  isNarrow: boolean;
}) {
  const t = useTranslations('job');
  const time = useTimeWords();
  const { p50, p95 } = layout;
  if (!p50 || !p95) return null;
  // Words need 13 px of their own; where the two lines are nearer, they move apart.
  const apart = Math.max(0, 13 - (p50.y - p95.y)) / 2;
  const words = (name: 'p50' | 'p95', ms: number) => `${t(name)} ${time.duration(ms)}`;
  return (
    <g className="fill-ink-2 text-axis">
      {Object.entries({ p50, p95 }).map(([name, { y }]) => (
        <line
          key={name}
          x1={isNarrow ? 0 : 64}
          x2={width}
          y1={y}
          y2={y}
          strokeDasharray="1 3"
          className="stroke-ink-3"
        />
      ))}
      {isNarrow ? (
        <text x={6} y={p95.y - 5}>
          {words('p95', p95.ms)}
        </text>
      ) : (
        <>
          <text y={p50.y + 4 + apart}>{words('p50', p50.ms)}</text>
          <text y={p95.y + 4 - apart}>{words('p95', p95.ms)}</text>
        </>
      )}
    </g>
  );
}

function PastBars({ layout }: { layout: Layout }) {
  const words = useBarWords();
  return (
    <BarGroup
      bars={layout.full}
      label={words.summary(layout.full.map(({ item }) => item))}
      height={CHART_ZERO + CHART_DOWN}
    />
  );
}

function AheadBars({ layout, ticks }: { layout: Layout; ticks: readonly NextTick[] }) {
  const time = useTimeWords();
  const say = (event: React.PointerEvent) => {
    const anchor = (event.target as Element).closest('[data-ahead]');
    const tick = anchor && ticks[Number(anchor.getAttribute('data-ahead'))];
    if (!tick) return;
    const atMs = Date.parse(tick.at);
    tips.show({ anchor, content: time.absolute(atMs, atMs, 'full'), side: 'top' }, true);
  };
  const height = Math.round(layout.aheadHeight);
  return (
    <g aria-hidden shapeRendering="crispEdges" onPointerOver={say} onPointerLeave={tips.leave}>
      {layout.aheadX.map((x, index) => (
        <rect
          key={ticks[index]?.at}
          data-ahead={index}
          x={x + 0.5}
          y={CHART_ZERO - height + 0.5}
          width={layout.barWidth - 1}
          height={height - 1}
          fill="transparent"
          className={ticks[index]?.mark ? 'stroke-time-fill' : 'stroke-line-axis'}
        />
      ))}
    </g>
  );
}
