'use client';

import { useEffect, useState } from 'react';
import { useClockText } from '#components/time/now-provider.tsx';

export type ScheduleTools = typeof import('./schedule-preview.ts');

let loading: Promise<ScheduleTools> | undefined;

/** The rules of time in the browser, fetched when first needed; null until they are here. */
export function useScheduleTools(): ScheduleTools | null {
  const [tools, setTools] = useState<ScheduleTools | null>(null);
  useEffect(() => {
    let isLeft = false;
    loading ??= import('./schedule-preview.ts');
    loading.then(
      (loaded) => {
        if (!isLeft) setTools(loaded);
      },
      // Asked for again by whoever needs it next.
      () => (loading = undefined),
    );
    return () => {
      isLeft = true;
    };
  }, []);
  return tools;
}

const STEP_MS = 10_000;

/** Now, for what is reckoned from it: a new value every ten seconds. */
export function useCoarseNow(): number {
  return useClockText((nowMs) => nowMs - (nowMs % STEP_MS));
}
