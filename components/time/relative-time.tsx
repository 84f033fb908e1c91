'use client';

import { useClock, useClockText } from './now-provider.tsx';
import { useTimeWords } from './use-time-words.ts';

// The texts of a <time> may differ between the two ICU versions of server and browser ("Sat 21" or
// "Sat, 21"): suppressHydrationWarning keeps the server's until the next change.

/** "in 12 min", "7 min ago"; hovering gives the instant and its zone. `at` is ISO 8601. */
export function RelativeTime({ at, className }: { at: string; className?: string | undefined }) {
  const words = useTimeWords();
  const atMs = Date.parse(at);
  const text = useClockText((nowMs) => words.relative(atMs, nowMs));
  return <TimeElement at={at} text={text} className={className} />;
}

/** How late something that was due at `dueAt` is by now: "20 min late". */
export function LateTime({ dueAt, className }: { dueAt: string; className?: string | undefined }) {
  const words = useTimeWords();
  const dueMs = Date.parse(dueAt);
  const text = useClockText((nowMs) => words.late(dueMs, nowMs));
  return <TimeElement at={dueAt} text={text} className={className} />;
}

function TimeElement({
  at,
  text,
  className,
}: {
  at: string;
  text: string;
  className: string | undefined;
}) {
  const words = useTimeWords();
  const clock = useClock();
  const full = `${words.absolute(Date.parse(at), clock.atFirst, 'full')}, ${words.timeZone}`;
  return (
    <time dateTime={at} title={full} className={className} suppressHydrationWarning>
      {text}
    </time>
  );
}
