'use client';

import type { AbsoluteStyle } from '#core/time/format.ts';
import { useClock, useClockText } from './now-provider.tsx';
import { useTimeWords } from './use-time-words.ts';

/** An instant in the reader's zone (see `formatAbsolute`); hovering says how far it is and the zone. */
export function AbsoluteTime({
  at,
  form = 'short',
  className,
}: {
  at: string;
  form?: AbsoluteStyle | undefined;
  className?: string | undefined;
}) {
  const words = useTimeWords();
  const clock = useClock();
  const atMs = Date.parse(at);
  const text = useClockText((nowMs) => words.absolute(atMs, nowMs, form));
  const fullText = `${words.absolute(atMs, clock.atFirst, 'full')}, ${words.timeZone}`;
  // Reckoned when it is looked at: a title that ticks would render every row each second.
  const sayHowFar = (event: React.PointerEvent<HTMLElement>) => {
    event.currentTarget.title = `${fullText} (${words.relative(atMs, clock.now())})`;
  };
  return (
    <time
      dateTime={at}
      title={fullText}
      onPointerEnter={sayHowFar}
      className={className}
      suppressHydrationWarning
    >
      {text}
    </time>
  );
}
