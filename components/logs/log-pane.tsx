'use client';

import { lazy, Suspense, useSyncExternalStore } from 'react';
import type { LogLinesProps } from './log-lines.tsx';
import { LogTail } from './log-tail.tsx';

// What scrolls through a log of any length weighs 12 kB (gzip): it comes when the page stands.
const LogLines = lazy(() => import('./log-lines.tsx').then((file) => ({ default: file.LogLines })));

const nothing = () => () => {};

/** The lines of a log: from the server its end, and all of them as soon as the browser can scroll through them. */
export function LogPane(props: LogLinesProps) {
  const isInBrowser = useSyncExternalStore(
    nothing,
    () => true,
    () => false,
  );
  const tail = <LogTail {...props} />;
  return isInBrowser ? (
    <Suspense fallback={tail}>
      <LogLines {...props} />
    </Suspense>
  ) : (
    tail
  );
}
