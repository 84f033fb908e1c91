'use client';

import { useTranslations } from 'next-intl';
import { cn } from '#components/ui/cn.ts';

const ZERO = 128;
const STEP = 25;
const WIDTH = 16;
const HEIGHTS = [53, 59, 50, 56, 79, 51, 55, 0, 53, 89, 57, 52, 0, 0, 0, 53, 55];
const SECOND_ATTEMPT = 4;
const SKIPPED = 7;
const FAILED = 9;
const PAUSED_FROM = 12;
const NOW_X = 437;

/** A picture of a made-up history that names each mark, for who has none yet. */
export function HowBarsRead() {
  const t = useTranslations('overview.bars');
  return (
    <figure>
      <figcaption className="text-meta text-ink-3">{t('title')}</figcaption>
      <Picture depths={WIDE} height={214} className="max-w-[35rem] text-axis phone:hidden" />
      {/* The picture is a third smaller there: its words are larger in it, and stand under each other. */}
      <Picture depths={NARROW} height={262} className="text-[17px] desk:hidden" />
    </figure>
  );
}

type Depths = { second: number; skipped: number; failed: number; paused: number; planned: number };
const WIDE: Depths = { second: 166, skipped: 194, failed: 166, paused: 166, planned: 166 };
const NARROW: Depths = { second: 214, skipped: 190, failed: 166, paused: 238, planned: 166 };

function Picture({
  depths,
  height,
  className,
}: {
  depths: Depths;
  height: number;
  className: string;
}) {
  const t = useTranslations('overview.bars');
  const x = (index: number) => 4 + index * STEP;
  return (
    <svg
      viewBox={`0 0 560 ${height}`}
      role="img"
      aria-label={t('label')}
      className={cn('mt-4 w-full overflow-visible [&_text]:fill-ink-2', className)}
    >
      {HEIGHTS.map((height, index) =>
        height === 0 ? null : (
          <rect
            key={index}
            x={x(index)}
            y={ZERO - height}
            width={WIDTH}
            height={height}
            className={index === FAILED ? 'fill-fail-fill' : 'fill-ok-fill'}
          />
        ),
      )}
      {[SECOND_ATTEMPT, FAILED].map((index) => (
        <rect
          key={index}
          x={x(index)}
          y={ZERO + 2}
          width={WIDTH}
          height={7}
          className="fill-fail-fill"
        />
      ))}
      <rect
        x={x(SKIPPED) + 0.5}
        y={ZERO - 16.5}
        width={WIDTH - 1}
        height={16}
        fill="none"
        className="stroke-idle-fill"
      />
      <path
        d={`M${x(PAUSED_FROM)} ${ZERO - 9}h66`}
        strokeWidth={2}
        strokeDasharray="4 2"
        className="stroke-idle-fill"
      />
      {[0, 1, 2, 3].map((index) => (
        <rect
          key={index}
          x={454.5 + index * STEP}
          y={ZERO - 51.5}
          width={WIDTH - 1}
          height={51}
          fill="none"
          className="stroke-line-axis"
        />
      ))}
      <path d={`M0 ${ZERO + 0.5}H552`} className="stroke-line-axis" />
      <path d={`M${NOW_X + 0.5} 24V${ZERO + 12}`} className="stroke-ink" />
      <text x={NOW_X} y={16} textAnchor="middle" className="fill-ink! font-medium">
        {t('now')}
      </text>
      <text x={4} y={44}>
        {t('height')}
      </text>
      <Pointer
        x={x(SECOND_ATTEMPT) + 8}
        to={depths.second}
        textX={4}
        anchor="start"
        words={t('second')}
      />
      <Pointer x={x(SKIPPED) + 8} to={depths.skipped} anchor="middle" words={t('skipped')} />
      <Pointer x={x(FAILED) + 8} to={depths.failed} anchor="middle" words={t('failed')} isFail />
      <Pointer x={x(PAUSED_FROM) + 33} to={depths.paused} anchor="middle" words={t('paused')} />
      <Pointer x={500} to={depths.planned} anchor="middle" words={t('planned')} />
    </svg>
  );
}

function Pointer({
  x,
  to,
  textX = x,
  anchor,
  words,
  isFail = false,
}: {
  x: number;
  to: number;
  textX?: number;
  anchor: 'start' | 'middle';
  words: string;
  isFail?: boolean;
}) {
  return (
    <>
      <path d={`M${x + 0.5} ${ZERO + 14}V${to}`} className="stroke-line-strong" />
      <text
        x={textX}
        y={to + 14}
        textAnchor={anchor}
        className={isFail ? 'fill-fail-ink!' : undefined}
      >
        {words}
      </text>
    </>
  );
}
