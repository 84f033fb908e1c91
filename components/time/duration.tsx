'use client';

import { useClockText } from './now-provider.tsx';
import { useTimeWords } from './use-time-words.ts';

/** A length of time: "3.2 s", "1 min 12 s", "6 h". `precise` keeps one decimal up to a minute. */
export function Duration({
  ms,
  precise = false,
  className,
}: {
  ms: number;
  precise?: boolean | undefined;
  className?: string | undefined;
}) {
  const words = useTimeWords();
  return <span className={className}>{words.duration(ms, precise)}</span>;
}

/** How long something has been going on; it counts in whole seconds with the page's clock. */
export function ElapsedTime({
  since,
  className,
}: {
  since: string;
  className?: string | undefined;
}) {
  const words = useTimeWords();
  const sinceMs = Date.parse(since);
  const text = useClockText((nowMs) => words.elapsed(nowMs - sinceMs));
  return (
    <span className={className} suppressHydrationWarning>
      {text}
    </span>
  );
}
