'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useLayoutEffect, useRef } from 'react';
import { cn } from '#components/ui/cn.ts';
import { LogEntry, type LogEntryProps, paneLook } from './log-entry.tsx';
import { digitsOf, indexOfLine } from './log-items.ts';
import { useLogTimes } from './use-log-times.ts';

const LINE_PX = 20;
const NEAR_PX = 80 * LINE_PX;
const AT_END_PX = 24;

/** Where the reader was sent: a line, and a number that grows with each wish, so that the same line can be wished again. */
export type Jump = { line: number; wish: number };

export type LogLinesProps = LogEntryProps & {
  label: string;
  jump: Jump | null;
  isFollowing: boolean;
  onFollowingChange: (isFollowing: boolean) => void;
  onNearStart: () => void;
  onNearEnd: () => void;
};

/** The lines in sight and a few around them, of as many as there are. */
export function LogLines(props: LogLinesProps) {
  const { items: all, isWrapped, isFollowing, jump } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const times = useLogTimes();
  // oxlint-disable-next-line react/incompatible-library -- its answers are used in this render alone
  const virtualizer = useVirtualizer({
    count: all.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    getItemKey: (index) => all[index]!.key,
    overscan: 30,
    // Lines that come or go above the reader push nothing: what is in view stays there.
    anchorTo: 'end',
    // A guess for the first lines, until the pane is measured.
    initialRect: { width: 1_000, height: 600 },
  });
  const items = virtualizer.getVirtualItems();
  const digits = digitsOf(all);

  useEffect(() => {
    virtualizer.measure();
  }, [isWrapped, virtualizer]);

  // The pane draws in when something comes to stand above it: the end stays in sight.
  const heightPx = virtualizer.scrollRect?.height ?? 0;
  useLayoutEffect(() => {
    if (isFollowing && all.length > 0 && heightPx > 0) {
      virtualizer.scrollToIndex(all.length - 1, { align: 'end' });
    }
  }, [isFollowing, all, virtualizer, heightPx]);

  const goTo = useEffectEvent((line: number) => {
    const index = indexOfLine(all, line);
    if (index === -1) return;
    virtualizer.scrollToIndex(index, { align: 'center' });
    scroller.current?.scrollIntoView({ block: 'nearest' });
  });
  useEffect(() => {
    if (jump) goTo(jump.line);
  }, [jump]);

  const lastTop = useRef(0);
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = scroller.current!;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < AT_END_PX;
    if (isAtEnd) props.onFollowingChange(true);
    else if (scrollTop < lastTop.current - 2) props.onFollowingChange(false);
    lastTop.current = scrollTop;
    // Measured, not asked of the virtualizer: it hears of this scroll only after React does.
    if (scrollTop < NEAR_PX) props.onNearStart();
    if (scrollHeight - scrollTop - clientHeight < NEAR_PX) props.onNearEnd();
  };

  return (
    <div
      ref={scroller}
      role="log"
      aria-label={props.label}
      aria-live="off"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by key (WCAG 2.1.1)
      tabIndex={0}
      onScroll={onScroll}
      className={cn(paneLook, 'overflow-auto')}
    >
      <div className="relative min-w-full" style={{ height: virtualizer.getTotalSize() }}>
        <div
          className={cn('absolute top-0 left-0', isWrapped ? 'w-full' : 'min-w-full')}
          style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}
        >
          {items.map((item) => {
            const shown = all[item.index]!;
            return (
              <div key={item.key} data-index={item.index} ref={virtualizer.measureElement}>
                <LogEntry
                  {...props}
                  item={shown}
                  index={item.index}
                  digits={digits}
                  times={times}
                />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
