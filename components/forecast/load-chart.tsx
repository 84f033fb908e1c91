'use client';

import { useTranslations } from 'next-intl';
import { useId, useRef, useState } from 'react';
import type { QueueLoad } from '#core/forecast/forecast.ts';
import type { ForecastView } from '#core/forecast/read-forecast.ts';
import { ChartMarks } from '#components/runs/chart-marks.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { cn } from '#components/ui/cn.ts';
import { useWidth } from '#components/ui/use-width.ts';
import {
  CHART_HEIGHT,
  CHART_TOP,
  CHART_ZERO,
  layoutLoad,
  type LoadColumn,
  type LoadLayout,
} from './load-layout.ts';
import { useColumnWords } from './use-column-words.ts';

const FIRST_WIDTH = 1_160;

/**
 * Bars are runs at once if each began when due; outlined above them what comes on top when all take long. What stands
 * above the line of slots waits, and is hatched.
 */
export function LoadChart({
  forecast,
  queue,
  opened,
  onOpen,
}: {
  forecast: ForecastView;
  queue: QueueLoad;
  opened: { from: string; to: string } | null;
  onOpen: (stretch: { from: string; to: string }) => void;
}) {
  const t = useTranslations('forecast');
  const time = useTimeWords();
  const box = useRef<HTMLElement>(null);
  const width = useWidth(box, FIRST_WIDTH);
  const hatch = useId();
  const [looked, setLooked] = useState<number | null>(null);
  const layout = layoutLoad(queue, width);
  const { columns } = layout;
  const words = useColumnWords(forecast, queue);
  const clamp = (place: number) => Math.min(columns.length - 1, Math.max(0, place));
  const placeAt = (event: React.PointerEvent<SVGSVGElement> | React.MouseEvent<SVGSVGElement>) => {
    const { left } = event.currentTarget.getBoundingClientRect();
    return clamp(Math.floor((event.clientX - left) / layout.width));
  };
  const open = (place: number) => onOpen(words.stretchOf(columns[place]!));
  const press = (event: React.KeyboardEvent) => {
    if (event.key === 'Escape') setLooked(null);
    if (event.key === 'Enter' && looked !== null) open(looked);
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setLooked(clamp((looked ?? (by === 1 ? -1 : columns.length)) + by));
  };
  const column = looked === null ? null : (columns[looked] ?? null);
  return (
    <figure
      ref={box}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a chart that one reads with the arrow keys
      tabIndex={0}
      role="group"
      aria-label={t('chart', {
        queue: queue.name ?? t('allQueues'),
        slots: queue.slots,
        width: time.duration(forecast.bucketMs),
      })}
      onKeyDown={press}
      onBlur={() => setLooked(null)}
      className="relative mt-1.5 rounded-box"
    >
      <svg
        width="100%"
        height={CHART_HEIGHT}
        aria-hidden
        onPointerMove={(event) => setLooked(placeAt(event))}
        onPointerLeave={() => setLooked(null)}
        onClick={(event) => open(placeAt(event))}
        className="block cursor-pointer overflow-visible text-axis [&_text]:fill-ink-3"
      >
        <defs>
          <pattern id={hatch} width="4" height="4" patternUnits="userSpaceOnUse">
            <rect width="4" height="4" className="fill-fail-tint" />
            <path d="M-1 1 1 -1M0 4 4 0M3 5 5 3" className="stroke-fail-fill" strokeWidth="1.2" />
          </pattern>
        </defs>
        {opened && <Opened forecast={forecast} opened={opened} width={width} />}
        {columns.map((one, place) => (
          <Column
            key={one.start}
            column={one}
            place={place}
            layout={layout}
            slots={queue.slots}
            hatch={hatch}
          />
        ))}
        <line
          x1={0}
          x2="100%"
          y1={CHART_ZERO + 0.5}
          y2={CHART_ZERO + 0.5}
          className="stroke-line-axis"
        />
        {layout.showsSlots && <SlotsLine layout={layout} slots={queue.slots} />}
        {column === null ? (
          <PeakWords layout={layout} at={words.at} slots={queue.slots} width={width} />
        ) : (
          <line
            x1={(looked! + 0.5) * layout.width}
            x2={(looked! + 0.5) * layout.width}
            y1={CHART_TOP - 4}
            y2={CHART_ZERO}
            className="stroke-ink-3"
            strokeDasharray="2 2"
          />
        )}
      </svg>
      <ChartMarks chart={forecast} width={width} />
      {/* What is looked at, in words; read out as the arrow keys go through it. */}
      <p
        aria-live="polite"
        suppressHydrationWarning
        className={cn(
          'pointer-events-none absolute top-0 max-w-full truncate bg-canvas text-axis text-ink',
          column === null && 'sr-only',
        )}
        style={column === null ? undefined : placeWords(looked!, columns.length)}
      >
        {column && words.wordsOf(column)}
      </p>
    </figure>
  );
}

function placeWords(place: number, count: number): React.CSSProperties {
  const middle = ((place + 0.5) / count) * 100;
  // Held inside the chart: it follows the line until it would reach over an edge.
  return { left: `${middle}%`, transform: `translateX(-${middle}%)` };
}

function Column({
  column,
  place,
  layout: { width, yOf },
  slots,
  hatch,
}: {
  column: LoadColumn;
  place: number;
  layout: LoadLayout;
  slots: number;
  hatch: string;
}) {
  const { load, longLoad } = column;
  if (load === 0 && longLoad === 0) return null;
  const x = place * width;
  const barWidth = Math.max(1, width > 5 ? width - 1 : width * 0.8);
  const within = Math.min(load, slots);
  return (
    <>
      {within > 0 && (
        <rect
          x={x}
          width={barWidth}
          y={yOf(within)}
          height={CHART_ZERO - yOf(within)}
          className="fill-run-fill"
        />
      )}
      {load > slots && (
        <rect
          x={x}
          width={barWidth}
          y={yOf(load)}
          height={yOf(slots) - yOf(load)}
          fill={`url(#${hatch})`}
        />
      )}
      {longLoad > load && (
        <rect
          x={x + 0.5}
          width={Math.max(0.5, barWidth - 1)}
          y={yOf(longLoad) + 0.5}
          height={Math.max(0.5, yOf(load) - yOf(longLoad) - 1)}
          fill="none"
          className={longLoad > slots ? 'stroke-fail-fill' : 'stroke-line-axis'}
        />
      )}
    </>
  );
}

function SlotsLine({ layout, slots }: { layout: LoadLayout; slots: number }) {
  const t = useTranslations('forecast');
  const y = Math.round(layout.yOf(slots)) + 0.5;
  return (
    <>
      <line x1={0} x2="100%" y1={y} y2={y} className="stroke-ink" strokeDasharray="5 3" />
      <text
        x="100%"
        y={y - 4}
        textAnchor="end"
        strokeWidth={6}
        paintOrder="stroke"
        className="fill-ink! stroke-canvas font-medium"
      >
        {t('slotsOf', { slots })}
      </text>
    </>
  );
}

/** The highest bar, told above it. */
function PeakWords({
  layout,
  at,
  slots,
  width,
}: {
  layout: LoadLayout;
  at: (bucket: number) => string;
  slots: number;
  width: number;
}) {
  const t = useTranslations('forecast');
  const { peak } = layout;
  const column = peak && layout.columns[peak.column];
  if (!column) return null;
  const x = (peak.column + 0.5) * layout.width;
  const anchor = x < width * 0.12 ? 'start' : x > width * 0.8 ? 'end' : 'middle';
  return (
    <text
      x={anchor === 'start' ? 0 : x}
      y={Math.max(10, layout.yOf(column.load) - 5)}
      textAnchor={anchor}
      strokeWidth={6}
      paintOrder="stroke"
      suppressHydrationWarning
      className={cn('stroke-canvas font-medium', column.load > slots && 'fill-fail-ink!')}
    >
      {t('peak', { runs: column.load, at: at(peak.bucket) })}
    </text>
  );
}

function Opened({
  forecast,
  opened,
  width,
}: {
  forecast: ForecastView;
  opened: { from: string; to: string };
  width: number;
}) {
  const [fromMs, toMs] = [Date.parse(forecast.from), Date.parse(forecast.to)];
  const xOf = (at: string) => ((Date.parse(at) - fromMs) / (toMs - fromMs)) * width;
  const [x, end] = [Math.max(0, xOf(opened.from)), Math.min(width, xOf(opened.to))];
  if (!(end > x)) return null;
  return (
    <rect
      x={x - 1}
      width={end - x + 2}
      y={CHART_TOP - 6}
      height={CHART_ZERO - CHART_TOP + 6}
      className="fill-accent-tint stroke-accent-line"
    />
  );
}
