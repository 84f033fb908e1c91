'use client';

import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import type { ChartLayout } from './job-chart-layout.ts';
import { CHART_DOWN, CHART_TOP, CHART_ZERO } from './job-chart-measures.ts';

/** A stretch of time, ISO 8601; `to` is exclusive, null is now and on. */
export type Stretch = { from: string; to: string | null };

/** Places between the bars: `start` before the first one shown, `end` after the last. */
type Edges = { start: number; end: number };
type Side = keyof Edges;
const sides: readonly Side[] = ['start', 'end'];

const TOP = CHART_TOP - 6;
const BOTTOM = CHART_ZERO + CHART_DOWN;
const HEIGHT = BOTTOM - TOP;

type Brush = ReturnType<typeof useChartBrush>;

/** Two edges over the bars, dragged or moved by the arrow keys; choosing all of them is no choice. */
export function ChartBrush({
  layout,
  stretch,
  onStretch,
}: {
  layout: ChartLayout;
  stretch: Stretch | null;
  onStretch: (stretch: Stretch | null, isStep: boolean) => void;
}) {
  const brush = useChartBrush(layout, stretch, onStretch);
  // There is nothing to choose from.
  if (layout.full.length < 2) return null;
  const { edges, xOf } = brush;
  const startX = xOf(edges.start);
  return (
    <>
      <rect
        x={startX}
        y={TOP}
        width={Math.max(0, xOf(edges.end) - startX)}
        height={HEIGHT}
        className="pointer-events-none fill-ink/4"
      />
      {sides.map((side) => (
        <Handle key={side} side={side} brush={brush} />
      ))}
    </>
  );
}

function useChartBrush(
  layout: ChartLayout,
  stretch: Stretch | null,
  onStretch: (stretch: Stretch | null, isStep: boolean) => void,
) {
  const { full } = layout;
  const [dragged, setDragged] = useState<Edges | null>(null);
  // A drag ends in the moment of its last move, before that has been rendered.
  const latest = useRef<Edges | null>(null);
  const edges = dragged ?? edgesOf(layout, stretch);
  const xOf = (edge: number) => {
    const bar = full[edge];
    return bar ? bar.x - 2.5 : layout.nowX - 4.5;
  };
  const moved = (from: Edges, side: Side, place: number): Edges =>
    side === 'start'
      ? { ...from, start: Math.max(0, Math.min(place, from.end - 1)) }
      : { ...from, end: Math.min(full.length, Math.max(place, from.start + 1)) };
  const choose = ({ start, end }: Edges, isStep: boolean) => {
    const isWhole = start === 0 && end === full.length;
    const from = full[start]?.item.at;
    onStretch(isWhole || !from ? null : { from, to: full[end]?.item.at ?? null }, isStep);
  };
  return {
    edges,
    most: full.length,
    xOf,
    atOf: (side: Side) => full[edges[side]]?.item.at,
    drag: (side: Side, x: number) => {
      const places = [...full.map((_, index) => index), full.length];
      const nearest = places.reduce((best, place) =>
        Math.abs(xOf(place) - x) < Math.abs(xOf(best) - x) ? place : best,
      );
      latest.current = moved(latest.current ?? edges, side, nearest);
      setDragged(latest.current);
    },
    drop: () => {
      if (latest.current) choose(latest.current, false);
      latest.current = null;
      setDragged(null);
    },
    step: (side: Side, place: number) => choose(moved(edges, side, place), true),
  };
}

function Handle({ side, brush }: { side: Side; brush: Brush }) {
  const t = useTranslations('job');
  const time = useTimeWords();
  const clock = useClock();
  const place = brush.edges[side];
  const x = brush.xOf(place);
  const at = brush.atOf(side);
  const drag = (event: React.PointerEvent<SVGGElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const left = event.currentTarget.ownerSVGElement?.getBoundingClientRect().left ?? 0;
    brush.drag(side, event.clientX - left);
  };
  const step = (event: React.KeyboardEvent) => {
    const steps = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: brush.most };
    const next = steps[event.key as keyof typeof steps] as number | undefined;
    if (next === undefined) return;
    event.preventDefault();
    brush.step(side, next);
  };
  return (
    <g
      role="slider"
      tabIndex={0}
      aria-label={t(side === 'start' ? 'ledgerFrom' : 'ledgerTo')}
      aria-valuemin={0}
      aria-valuemax={brush.most}
      aria-valuenow={place}
      aria-valuetext={at ? time.absolute(Date.parse(at), clock.atFirst) : t('now')}
      className="cursor-ew-resize touch-none focus-visible:outline-offset-0"
      onKeyDown={step}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onPointerUp={brush.drop}
      onPointerCancel={brush.drop}
    >
      <rect x={x - 6} y={TOP} width={12} height={HEIGHT} fill="transparent" />
      <line
        x1={x}
        x2={x}
        y1={TOP}
        y2={BOTTOM}
        shapeRendering="crispEdges"
        className="stroke-accent"
      />
      <rect
        x={x - 1.5}
        y={(TOP + BOTTOM) / 2 - 10}
        width={3}
        height={20}
        rx={1.5}
        className="fill-accent"
      />
    </g>
  );
}

function edgesOf({ full }: ChartLayout, stretch: Stretch | null): Edges {
  if (!stretch) return { start: 0, end: full.length };
  const placeOf = (at: string) => {
    const found = full.findIndex(({ item }) => Date.parse(item.at) >= Date.parse(at));
    return found < 0 ? full.length : found;
  };
  const start = Math.max(0, Math.min(placeOf(stretch.from), full.length - 1));
  const end = stretch.to === null ? full.length : placeOf(stretch.to);
  return { start, end: Math.max(end, start + 1) };
}
