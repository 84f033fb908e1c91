'use client';

import { useClockText } from './now-provider.tsx';
import { useTimeWords } from './use-time-words.ts';

/** The page's clock to read: "02:40:12", with the day and zone on hover. */
export function LiveClock({ className }: { className?: string | undefined }) {
  const words = useTimeWords();
  const text = useClockText((nowMs) => words.absolute(nowMs, nowMs, 'seconds'));
  const day = useClockText((nowMs) => words.absolute(nowMs, nowMs, 'date'));
  return (
    <time className={className} title={`${day}, ${words.timeZone}`} suppressHydrationWarning>
      {text}
    </time>
  );
}
