'use client';

import { useTranslations } from 'next-intl';
import { useRef, type ReactNode } from 'react';
import type { DifferenceAhead } from '#core/schedules/fire-counts.ts';
import { useWidth } from '#components/ui/use-width.ts';
import { axisOf, marksOf, type Mark, type MarkLook } from './editor-difference-picture.ts';
import { useZoneWords } from './zone-words.ts';

export const ZOOMS = { day: 1, week: 7, month: 31 } as const;
export type Zoom = keyof typeof ZOOMS;

const ROW_PX = 34;
const BAR_PX = 14;
const LABEL_PX = 48;
const HEIGHT_PX = ROW_PX * 2 + 24;

/** Both schedules on one axis of time, and the blackouts behind them. */
export function DifferenceChart({
  difference,
  timeZone,
  zoom,
}: {
  difference: DifferenceAhead;
  timeZone: string;
  zoom: Zoom;
}) {
  const t = useTranslations('before');
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 340);
  const zone = useZoneWords(timeZone);
  const { fromMs, toMs, saved, edited, columns, blackouts } = difference;
  const marks = marksOf(difference);
  const columnPx = (width - LABEL_PX) / columns.length;
  const xOf = (atMs: number) => LABEL_PX + ((atMs - fromMs) / (toMs - fromMs)) * (width - LABEL_PX);
  const looks = new Set([...marks.saved, ...marks.edited].map(({ look }) => look));
  const rows = [
    { name: t('rowSaved'), marks: marks.saved },
    { name: t('rowEdited'), marks: marks.edited },
  ];
  return (
    <figure className="mt-2">
      {/* The picture follows the room that there is, and never makes more of it. */}
      <div ref={box} className="overflow-hidden [contain:inline-size]">
        <svg
          role="img"
          aria-label={t('picture', { stretch: t(`stretch.${zoom}`), saved, edited })}
          width={width}
          height={HEIGHT_PX}
          className="block text-axis"
        >
          {blackouts?.windows.map((window) => (
            <rect
              key={window.fromMs}
              x={xOf(window.fromMs)}
              y={4}
              width={Math.max(1, xOf(window.toMs) - xOf(window.fromMs))}
              height={ROW_PX * 2}
              className="fill-time-tint"
            />
          ))}
          {axisOf(fromMs, toMs, timeZone).map((atMs) => (
            <g key={atMs}>
              <line
                x1={xOf(atMs)}
                x2={xOf(atMs)}
                y1={4}
                y2={ROW_PX * 2 + 4}
                className="stroke-line"
              />
              <text x={xOf(atMs)} y={HEIGHT_PX - 4} textAnchor="middle" className="fill-ink-3">
                {xOf(atMs) > LABEL_PX + 14 && xOf(atMs) < width - 14
                  ? zoom === 'day'
                    ? zone.time(atMs)
                    : zone.shortDay(atMs, zoom)
                  : ''}
              </text>
            </g>
          ))}
          {rows.map(({ name, marks: own }, row) => (
            <g key={name} transform={`translate(0 ${row * ROW_PX})`}>
              <text x={0} y={ROW_PX - 5} className="fill-ink-2">
                {name}
              </text>
              <line
                x1={LABEL_PX}
                x2={width}
                y1={ROW_PX - 1}
                y2={ROW_PX - 1}
                className="stroke-line-axis"
              />
              {own.map((mark) => (
                <Bar
                  key={mark.from}
                  mark={mark}
                  x={LABEL_PX + mark.from * columnPx}
                  width={Math.max(2.5, (mark.to - mark.from) * columnPx)}
                />
              ))}
            </g>
          ))}
        </svg>
      </div>
      <figcaption className="mt-1 flex flex-wrap gap-x-4 text-meta text-ink-2">
        {(['kept', 'vanishes', 'new', 'unknown'] as const)
          .filter((look) => looks.has(look))
          .map((look) => (
            <span key={look} className="flex items-center gap-1.5">
              <svg aria-hidden width={10} height={ROW_PX - 8} viewBox={`0 8 10 ${ROW_PX - 8}`}>
                <Bar mark={{ look, from: 0, to: 1, fires: 1 }} x={3} width={4} />
              </svg>
              {t(legend[look])}
            </span>
          ))}
        {blackouts && (
          <span className="flex items-center gap-1.5">
            <span aria-hidden className="h-3.5 w-2.5 bg-time-tint" />
            {t('legendBlackout')}
          </span>
        )}
      </figcaption>
    </figure>
  );
}

const legend = {
  kept: 'legendKept',
  vanishes: 'legendVanishes',
  new: 'legendNew',
  unknown: 'legendUnknown',
} as const satisfies Record<MarkLook, string>;

/** Each look has a shape of its own: what stays is short, what vanishes hollow under a minus, what is new full under a plus. */
function Bar({ mark: { look }, x, width }: { mark: Mark; x: number; width: number }): ReactNode {
  const bottom = ROW_PX - 1;
  const middle = x + width / 2;
  switch (look) {
    case 'kept':
      return <rect x={x} y={bottom - 8} width={width} height={8} className="fill-idle-fill" />;
    case 'unknown':
      return (
        <rect
          x={x + 0.5}
          y={bottom - 8}
          width={width}
          height={8}
          strokeDasharray="2 2"
          className="fill-none stroke-ink-3"
        />
      );
    case 'vanishes':
      return (
        <>
          <rect
            x={x + 0.5}
            y={bottom - BAR_PX}
            width={Math.max(2, width - 1)}
            height={BAR_PX - 0.5}
            className="fill-canvas stroke-time-ink"
          />
          <path d={`M${middle - 3} ${bottom - BAR_PX - 5}h6`} className="stroke-time-ink" />
        </>
      );
    case 'new':
      return (
        <>
          <rect
            x={x}
            y={bottom - BAR_PX}
            width={width}
            height={BAR_PX}
            className="fill-accent-fill"
          />
          <path d={`M${middle - 3} ${bottom - BAR_PX - 5}h6m-3 -3v6`} className="stroke-accent" />
        </>
      );
  }
}
