'use client';

import { useTranslations } from 'next-intl';
import { type ReactNode, useRef, useState } from 'react';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { CHART_HEIGHT, CHART_ZERO, type Stretch } from './run-chart-layout.ts';

type Side = keyof Stretch;

/**
 * A stretch of buckets chosen by dragging over the bars, by dragging one of its two edges, or by the arrow keys.
 * Nothing is asked of the server before the pointer is lifted.
 */
export function RunChartBrush({
  slot,
  buckets,
  stretch: chosen,
  onStretch,
  children,
}: {
  /** Width of a bucket in px. */
  slot: number;
  buckets: readonly { at: string }[];
  stretch: Stretch;
  onStretch: (stretch: Stretch) => void;
  /** The bars. */
  children: ReactNode;
}) {
  const area = useRef<SVGGElement>(null);
  const [dragged, setDragged] = useState<Stretch | null>(null);
  const anchor = useRef<number | null>(null);
  const stretch = dragged ?? chosen;
  const count = buckets.length;
  const isWhole = stretch.start === 0 && stretch.end === count;

  const placeAt = (clientX: number) => {
    const left = area.current?.ownerSVGElement?.getBoundingClientRect().left ?? 0;
    return Math.min(Math.max((clientX - left) / slot, 0), count);
  };
  const moved = (side: Side, place: number): Stretch =>
    side === 'start'
      ? { ...stretch, start: Math.max(0, Math.min(place, stretch.end - 1)) }
      : { ...stretch, end: Math.min(count, Math.max(place, stretch.start + 1)) };
  const drop = () => {
    anchor.current = null;
    if (dragged) onStretch(dragged);
    setDragged(null);
  };
  const from = (index: number, to: number): Stretch => ({
    start: Math.min(index, to),
    end: Math.min(count, Math.max(index, to) + 1),
  });

  return (
    <g ref={area}>
      <g
        className="cursor-crosshair touch-pan-y"
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          anchor.current = Math.min(count - 1, Math.floor(placeAt(event.clientX)));
          setDragged(from(anchor.current, anchor.current));
        }}
        onPointerMove={(event) => {
          if (anchor.current === null) return;
          const to = Math.min(count - 1, Math.floor(placeAt(event.clientX)));
          setDragged(from(anchor.current, to));
        }}
        onPointerUp={drop}
        onPointerCancel={() => {
          anchor.current = null;
          setDragged(null);
        }}
      >
        {/* Also what takes the pointer between the bars. */}
        <rect width={count * slot} height={CHART_HEIGHT} className="fill-transparent" />
        <rect
          x={stretch.start * slot}
          width={(stretch.end - stretch.start) * slot}
          height={CHART_ZERO}
          className={isWhole ? 'fill-transparent' : 'fill-hover'}
        />
        {children}
      </g>
      {(['start', 'end'] as const).map((side) => (
        <Edge
          key={side}
          side={side}
          x={stretch[side] * slot}
          place={stretch[side]}
          most={count}
          at={buckets[stretch[side]]?.at}
          onDrag={(clientX) => setDragged(moved(side, Math.round(placeAt(clientX))))}
          onDrop={drop}
          onStep={(place) => onStretch(moved(side, place))}
          onClear={() => onStretch({ start: 0, end: count })}
        />
      ))}
    </g>
  );
}

function Edge({
  side,
  x,
  place,
  most,
  at,
  onDrag,
  onDrop,
  onStep,
  onClear,
}: {
  side: Side;
  x: number;
  place: number;
  most: number;
  at: string | undefined;
  onDrag: (clientX: number) => void;
  onDrop: () => void;
  onStep: (place: number) => void;
  onClear: () => void;
}) {
  const t = useTranslations('runs.chart');
  const time = useTimeWords();
  const clock = useClock();
  const isHeld = useRef(false);
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Escape') return onClear();
    const next = {
      ArrowLeft: place - 1,
      ArrowRight: place + 1,
      PageUp: place - 8,
      PageDown: place + 8,
      Home: 0,
      End: most,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onStep(next);
  };
  const drop = () => {
    if (!isHeld.current) return;
    isHeld.current = false;
    onDrop();
  };
  return (
    <g
      role="slider"
      tabIndex={0}
      aria-label={t(side === 'start' ? 'from' : 'to')}
      aria-valuemin={0}
      aria-valuemax={most}
      aria-valuenow={place}
      aria-valuetext={at ? time.absolute(Date.parse(at), clock.atFirst) : t('now')}
      suppressHydrationWarning
      className="cursor-ew-resize touch-none focus-visible:outline-offset-0"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        isHeld.current = true;
      }}
      onPointerMove={(event) => {
        if (isHeld.current) onDrag(event.clientX);
      }}
      onPointerUp={drop}
      onPointerCancel={drop}
    >
      <rect x={x - 8} width={16} height={CHART_HEIGHT} fill="transparent" />
      <line
        x1={x}
        x2={x}
        y1={0}
        y2={CHART_ZERO}
        shapeRendering="crispEdges"
        className="stroke-accent"
      />
      <rect
        x={x - 1.5}
        y={CHART_ZERO / 2 - 10}
        width={3}
        height={20}
        rx={1.5}
        className="fill-accent"
      />
    </g>
  );
}
