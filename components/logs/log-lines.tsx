'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useLayoutEffect, useRef } from 'react';
import type { LogLine } from '#core/logs/lines.ts';
import { LogRow } from './log-row.tsx';
import { useLogTimes } from './use-log-times.ts';

const LINE_PX = 20;
const NEAR_ROWS = 80;
const AT_END_PX = 24;

/** Where the reader was sent: a line, and a number that grows with each wish, so that the same line can be wished again. */
export type Jump = { line: number; wish: number };

export type LogLinesProps = {
  rows: readonly LogLine[];
  label: string;
  isWrapped: boolean;
  showsTimes: boolean;
  searched: string;
  currentHit: number | null;
  linkedLine: number | null;
  jump: Jump | null;
  isFollowing: boolean;
  onFollowingChange: (isFollowing: boolean) => void;
  onLink: (line: number) => void;
  onNearStart: () => void;
  onNearEnd: () => void;
};

/** The lines in sight and a few around them, of as many as there are. */
export function LogLines(props: LogLinesProps) {
  const { rows, isWrapped, isFollowing, jump } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const times = useLogTimes();
  // oxlint-disable-next-line react/incompatible-library -- its answers are used in this render alone
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    getItemKey: (index) => keyOf(rows[index]!),
    overscan: 30,
    // The first paint comes from the server, which has no window to measure.
    initialRect: { width: 1_000, height: 600 },
  });
  const items = virtualizer.getVirtualItems();
  const digits = Math.max(3, String(rows.at(-1)?.line ?? 0).length);

  useEffect(() => {
    virtualizer.measure();
  }, [isWrapped, virtualizer]);

  useLayoutEffect(() => {
    if (isFollowing && rows.length > 0)
      virtualizer.scrollToIndex(rows.length - 1, { align: 'end' });
  }, [isFollowing, rows, virtualizer]);

  const goTo = useEffectEvent((line: number) => {
    const index = rows.findIndex((row) => row.line === line);
    if (index !== -1) virtualizer.scrollToIndex(index, { align: 'center' });
  });
  useEffect(() => {
    if (jump) goTo(jump.line);
  }, [jump]);

  useKeepPlace(rows, virtualizer.scrollOffset ?? 0, (px) => {
    virtualizer.scrollToOffset((virtualizer.scrollOffset ?? 0) + px);
  });

  const lastTop = useRef(0);
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = scroller.current!;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < AT_END_PX;
    if (isAtEnd) props.onFollowingChange(true);
    else if (scrollTop < lastTop.current - 2) props.onFollowingChange(false);
    lastTop.current = scrollTop;
    const inSight = virtualizer.getVirtualItems();
    if ((inSight[0]?.index ?? 0) < NEAR_ROWS) props.onNearStart();
    if ((inSight.at(-1)?.index ?? 0) > rows.length - NEAR_ROWS) props.onNearEnd();
  };

  return (
    <div
      ref={scroller}
      role="log"
      aria-label={props.label}
      aria-live="off"
      // A region that scrolls has to be reachable by the keyboard (WCAG 2.1.1).
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onScroll={onScroll}
      className="max-h-[calc(100dvh-7rem)] min-h-40 overflow-auto bg-sunk py-2 font-mono text-log focus-visible:-outline-offset-2 phone:max-h-[70dvh]"
    >
      <div className="relative min-w-full" style={{ height: virtualizer.getTotalSize() }}>
        <div
          className="absolute top-0 left-0 min-w-full"
          style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}
        >
          {items.map((item) => {
            const row = rows[item.index]!;
            return (
              <div key={item.key} data-index={item.index} ref={virtualizer.measureElement}>
                <LogRow
                  row={row}
                  digits={digits}
                  time={props.showsTimes ? times(row.atMs) : null}
                  isWrapped={isWrapped}
                  searched={props.searched}
                  isCurrentHit={props.currentHit === row.line}
                  isLinked={props.linkedLine === row.line}
                  onLink={props.onLink}
                />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

const keyOf = (row: LogLine) => `${row.line}.${row.stream}.${row.continues ? row.atMs : ''}`;

/** Lines that come in above the reader push nothing: the view moves on by as much as they take. */
function useKeepPlace(
  rows: readonly LogLine[],
  offset: number,
  moveBy: (px: number) => void,
): void {
  const before = useRef({ first: rows[0], count: rows.length });
  const move = useEffectEvent((px: number) => moveBy(px));
  useLayoutEffect(() => {
    const { first } = before.current;
    before.current = { first: rows[0], count: rows.length };
    if (!first || !rows[0] || rows[0].line >= first.line || offset === 0) return;
    const added = rows.findIndex((row) => row.line === first.line);
    if (added > 0) move(added * LINE_PX);
    // The offset is read, not followed: only new rows move the view.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [rows]);
}
