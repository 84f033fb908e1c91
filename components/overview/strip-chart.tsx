'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useClockText } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { cn } from '#components/ui/cn.ts';
import { badSince, placeOf, type Strip, type StripGap, type StripSlot } from './strip-layout.ts';
import { useStripWords } from './use-strip-words.ts';

const HEIGHT = 134;
const ZERO = 88;
const TOP = 20;
const GAP_LINE = 109;
const TEXT_LINE = 128;
const BAD_UNIT = 5;
const MOST_BAD = 15;
const RECENT_MS = 3 * 3_600_000;

/** Runs above the zero line, bad ends below it, what is planned as outlines, the pauses as dashes, and now. */
export function StripChart({
  strip,
  everyHours,
  isShort = false,
  className,
}: {
  strip: Strip;
  /** How far apart the hours at the axis stand. */
  everyHours: number;
  isShort?: boolean | undefined;
  className?: string | undefined;
}) {
  const t = useTranslations('overview');
  const words = useStripWords();
  const [looked, setLooked] = useState<number | null>(null);
  const nowMs = useClockText((ms) => ms - (ms % 60_000));
  const now = placeOf(strip, nowMs);
  const slot = looked === null ? null : (strip.slots[looked] ?? null);
  const planned = strip.slots.reduce((sum, one) => sum + one.planned, 0);
  const bad = badSince(strip, nowMs - RECENT_MS);

  const look = (event: React.PointerEvent<SVGSVGElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const place = Math.floor(((event.clientX - left) / width) * strip.slots.length);
    setLooked(Math.min(strip.slots.length - 1, Math.max(0, place)));
  };
  const step = (event: React.KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === 'Escape') setLooked(null);
    if (by === undefined) return;
    event.preventDefault();
    const from = looked ?? Math.floor((now / 100) * strip.slots.length);
    setLooked(Math.min(strip.slots.length - 1, Math.max(0, from + by)));
  };

  return (
    <figure
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a chart that one reads with the arrow keys
      tabIndex={0}
      role="group"
      aria-label={t(isShort ? 'stripShortLabel' : 'stripLabel')}
      onKeyDown={step}
      onBlur={() => setLooked(null)}
      className={cn('relative rounded-box', className)}
    >
      <svg
        width="100%"
        height={HEIGHT}
        aria-hidden
        onPointerMove={look}
        onPointerLeave={() => setLooked(null)}
        className="block overflow-visible text-axis [&_text]:fill-ink-3"
      >
        <Hours strip={strip} everyHours={everyHours} now={now} />
        {strip.slots.map((one) => (
          <SlotMark key={one.atMs} slot={one} most={strip.most} />
        ))}
        <line x1="0" x2="100%" y1={ZERO + 0.5} y2={ZERO + 0.5} className="stroke-line-axis" />
        {strip.gaps.slice(0, 1).map((gap) => (
          <GapMark
            key={gap.jobKey + gap.from}
            gap={gap}
            more={strip.gaps.length - 1}
            isShort={isShort}
          />
        ))}
        <line x1={`${now}%`} x2={`${now}%`} y1={4} y2={GAP_LINE + 6} className="stroke-ink" />
        <text x={`${now}%`} y={TEXT_LINE} textAnchor="middle" className="fill-ink! font-medium">
          {words.now(nowMs)}
        </text>
        {slot && (
          <line
            x1={`${slot.x + slot.width / 2}%`}
            x2={`${slot.x + slot.width / 2}%`}
            y1={TOP - 4}
            y2={GAP_LINE + 6}
            className="stroke-line-axis"
            strokeDasharray="2 2"
          />
        )}
        {!slot && (
          <>
            <text x="0" y={11}>
              {t('ranPer15')}
            </text>
            {isShort ? (
              <text x="100%" y={11} textAnchor="end">
                {t('plannedShort')}
              </text>
            ) : (
              <text x={`${now}%`} dx={9} y={11}>
                {t('planned', { ticks: planned })}
              </text>
            )}
          </>
        )}
        {bad > 0 && (
          <text x={`${now}%`} dx={9} y={ZERO + 15} className="fill-fail-ink!">
            {t(isShort ? 'failedShort' : 'failedRecently', { count: bad })}
          </text>
        )}
      </svg>
      {/* What is looked at, in words; read out as the arrow keys go through it. */}
      <p
        aria-live="polite"
        className={cn(
          'pointer-events-none absolute top-0 max-w-full text-axis whitespace-nowrap text-ink',
          !slot && 'sr-only',
        )}
        style={slot ? placeWords(slot) : undefined}
      >
        {slot && words.slot(slot)}
      </p>
    </figure>
  );
}

function placeWords({ x, width }: StripSlot): React.CSSProperties {
  const middle = x + width / 2;
  // Held inside the chart: it follows the line until it would reach over an edge.
  return { left: `${middle}%`, transform: `translateX(-${middle}%)` };
}

function SlotMark({ slot, most }: { slot: StripSlot; most: number }) {
  const full = ZERO - TOP;
  const heightOf = (count: number) => (count === 0 ? 0 : Math.max(2, (count / most) * full));
  const ran = heightOf(slot.ran);
  const planned = heightOf(slot.planned);
  const x = `${slot.x}%`;
  // 2 px between bars on a wide screen, 1 px on a narrow one: a fifth of the slot.
  const width = `${slot.width * 0.7}%`;
  return (
    <>
      {ran > 0 && <rect x={x} width={width} y={ZERO - ran} height={ran} className="fill-ok-fill" />}
      {slot.bad > 0 && (
        <rect
          x={x}
          width={width}
          y={ZERO + 2}
          height={Math.min(MOST_BAD, slot.bad * BAD_UNIT)}
          className="fill-fail-fill"
        />
      )}
      {planned > 0 && (
        <rect
          x={x}
          width={width}
          y={Math.round(ZERO - ran - planned) + 0.5}
          height={Math.max(1, Math.round(planned) - 1)}
          fill="none"
          className="stroke-line-axis"
        />
      )}
    </>
  );
}

/** The longest pause, named on its line. */
function GapMark({ gap, more, isShort }: { gap: StripGap; more: number; isShort: boolean }) {
  const words = useStripWords();
  const isRoomLeft = gap.from > 26;
  return (
    <>
      <line
        x1={`${gap.from}%`}
        x2={`${gap.to}%`}
        y1={GAP_LINE}
        y2={GAP_LINE}
        strokeWidth={2}
        strokeDasharray="4 2"
        className="stroke-idle-fill"
      />
      {!isShort && (
        <text
          x={`${gap.from}%`}
          dx={isRoomLeft ? -8 : 0}
          y={GAP_LINE + 4}
          textAnchor={isRoomLeft ? 'end' : 'start'}
          // The words stand on the dashes where there is no room beside them.
          strokeWidth={8}
          paintOrder="stroke"
          className="stroke-canvas"
        >
          {words.gap(gap, more)}
        </text>
      )}
    </>
  );
}

function Hours({ strip, everyHours, now }: { strip: Strip; everyHours: number; now: number }) {
  const time = useTimeWords();
  // So near to now that the two times would touch, at the narrowest.
  const room = everyHours === 3 ? 7 : 13;
  return strip.slots.flatMap((slot) => {
    const clock = time.absolute(slot.atMs, slot.atMs, 'time');
    const [hour = '', minute] = clock.split(':');
    const isHour = minute === '00' && Number(hour) % everyHours === 0;
    if (!isHour || Math.abs(slot.x - now) < room || slot.x < 2 || slot.x > 98) return [];
    return [
      <line
        key={slot.atMs}
        x1={`${slot.x}%`}
        x2={`${slot.x}%`}
        y1={ZERO + 1}
        y2={TEXT_LINE - 15}
        className="stroke-line"
      />,
      <text key={`${slot.atMs} words`} x={`${slot.x}%`} y={TEXT_LINE} textAnchor="middle">
        {clock}
      </text>,
    ];
  });
}
