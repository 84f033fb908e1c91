'use client';

import { useRef } from 'react';
import { cn } from './cn.ts';

/**
 * A long name on one line, cut in the middle: its beginning gives way, its last `keep` characters stay.
 * Selecting and copying gives the whole name; where it is cut, hovering shows it.
 */
export function MiddleEllipsis({
  text,
  keep = 10,
  className,
}: {
  text: string;
  keep?: number | undefined;
  className?: string | undefined;
}) {
  const head = useRef<HTMLSpanElement>(null);
  const letters = Array.from(text);
  const isShort = letters.length <= keep + 4;
  const showWholeIfCut = (event: React.PointerEvent<HTMLElement>) => {
    const span = head.current;
    if (span && span.scrollWidth > span.clientWidth) event.currentTarget.title = text;
    else event.currentTarget.removeAttribute('title');
  };
  return (
    <span
      className={cn('inline-flex max-w-full min-w-0 align-bottom whitespace-pre', className)}
      onPointerEnter={showWholeIfCut}
    >
      <span ref={head} className="min-w-0 truncate">
        {isShort ? text : letters.slice(0, -keep).join('')}
      </span>
      {!isShort && <span className="shrink-0">{letters.slice(-keep).join('')}</span>}
    </span>
  );
}
