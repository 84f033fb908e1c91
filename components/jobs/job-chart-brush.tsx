'use client';

import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { CHART_DOWN, CHART_TOP, CHART_ZERO, type ChartLayout } from './job-chart-layout.ts';

/** A stretch of time, ISO 8601; `to` is exclusive, null is now and on. */
export type Stretch = { from: string; to: string | null };

/** Places between the bars: `start` before the first one shown, `end` after the last. */
type Edges = { start: number; end: number };

const TOP = CHART_TOP - 6;
const BOTTOM = CHART_ZERO + CHART_DOWN;

/** Two edges over the bars, dragged or moved by the arrow keys; the whole is no choice. */
export function ChartBrush({
  layout,
  stretch,
  onStretch,
}: {
  layout: ChartLayout;
  stretch: Stretch | null;
  onStretch: (stretch: Stretch | null) => void;
}) {
  const [dragged, setDragged] = useState<Edges | null>(null);
  const area = useRef<SVGRectElement>(null);
  const { full } = layout;
  if (full.length < 2) return null;
  const edges = dragged ?? edgesOf(layout, stretch);
  const xOf = (edge: number) => {
    const bar = full[edge];
    return bar ? bar.x - 2.5 : layout.nowX - 4.5;
  };
  const choose = (next: Edges) => {
    const isWhole = next.start === 0 && next.end === full.length;
    const from = full[next.start]?.item.at;
    onStretch(isWhole || !from ? null : { from, to: full[next.end]?.item.at ?? null });
  };
  const edgeAt = (clientX: number): number => {
    const left = area.current?.ownerSVGElement?.getBoundingClientRect().left ?? 0;
    const x = clientX - left;
    const places = [...full.map((_, index) => index), full.length];
    return places.reduce((best, place) =>
      Math.abs(xOf(place) - x) < Math.abs(xOf(best) - x) ? place : best,
    );
  };
  const moved = (side: keyof Edges, place: number): Edges =>
    side === 'start'
      ? { ...edges, start: Math.max(0, Math.min(place, edges.end - 1)) }
      : { ...edges, end: Math.min(full.length, Math.max(place, edges.start + 1)) };
  const [startX, endX] = [xOf(edges.start), xOf(edges.end)];
  return (
    <g>
      <rect
        ref={area}
        x={startX}
        y={TOP}
        width={Math.max(0, endX - startX)}
        height={BOTTOM - TOP}
        className="fill-hover"
      />
      {(['start', 'end'] as const).map((side) => (
        <Handle
          key={side}
          side={side}
          x={side === 'start' ? startX : endX}
          place={edges[side]}
          most={full.length}
          at={full[edges[side]]?.item.at}
          onDrag={(clientX) => setDragged(moved(side, edgeAt(clientX)))}
          onDrop={() => {
            if (dragged) choose(dragged);
            setDragged(null);
          }}
          onStep={(place) => choose(moved(side, place))}
        />
      ))}
    </g>
  );
}

function Handle({
  side,
  x,
  place,
  most,
  at,
  onDrag,
  onDrop,
  onStep,
}: {
  side: keyof Edges;
  x: number;
  place: number;
  most: number;
  at: string | undefined;
  onDrag: (clientX: number) => void;
  onDrop: () => void;
  onStep: (place: number) => void;
}) {
  const t = useTranslations('job');
  const time = useTimeWords();
  const clock = useClock();
  const [isHeld, setIsHeld] = useState(false);
  const drop = () => {
    if (!isHeld) return;
    setIsHeld(false);
    onDrop();
  };
  const step = (event: React.KeyboardEvent) => {
    const next = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: most }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onStep(next);
  };
  return (
    <g
      role="slider"
      tabIndex={0}
      aria-label={t(side === 'start' ? 'ledgerFrom' : 'ledgerTo')}
      aria-valuemin={0}
      aria-valuemax={most}
      aria-valuenow={place}
      aria-valuetext={at ? time.absolute(Date.parse(at), clock.atFirst) : t('now')}
      className="cursor-ew-resize touch-none focus-visible:outline-offset-0"
      onKeyDown={step}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setIsHeld(true);
      }}
      onPointerMove={(event) => {
        if (isHeld) onDrag(event.clientX);
      }}
      onPointerUp={drop}
      onPointerCancel={drop}
    >
      <rect x={x - 8} y={TOP} width={16} height={BOTTOM - TOP} fill="transparent" />
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
  const start = Math.min(placeOf(stretch.from), full.length - 1);
  const end = stretch.to === null ? full.length : placeOf(stretch.to);
  return { start, end: Math.max(end, start + 1) };
}
