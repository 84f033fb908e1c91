'use client';

import { useRef } from 'react';
import { cn } from './cn.ts';

// Shorter names have room in every column; they stay one piece of text.
const SHORT = 24;

/**
 * A long name on one line, cut in the middle: its beginning gives way, its last `keep` characters stay.
 * It is read out and copied whole; where it is cut, hovering shows it.
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
  const beginning = useRef<HTMLSpanElement>(null);
  const letters = Array.from(text);
  if (letters.length <= SHORT) {
    return (
      <span className={cn('inline-block max-w-full min-w-0 truncate align-bottom', className)}>
        {text}
      </span>
    );
  }
  const showWholeIfCut = (event: React.PointerEvent<HTMLElement>) => {
    const span = beginning.current;
    if (span && span.scrollWidth > span.clientWidth) event.currentTarget.title = text;
    else event.currentTarget.removeAttribute('title');
  };
  return (
    <span
      className={cn('relative inline-flex max-w-full min-w-0 align-bottom', className)}
      onPointerEnter={showWholeIfCut}
    >
      {/* The whole name for screen readers and the clipboard: of two boxes either would make two words. */}
      <span className="sr-only">{text}</span>
      <span ref={beginning} aria-hidden className="min-w-0 truncate whitespace-pre select-none">
        {letters.slice(0, -keep).join('')}
      </span>
      <span aria-hidden className="shrink-0 whitespace-pre select-none">
        {letters.slice(-keep).join('')}
      </span>
    </span>
  );
}
