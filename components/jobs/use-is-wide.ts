'use client';

import { useSyncExternalStore } from 'react';

const WIDE = '(min-width: 75rem)';

/** Whether there is room for a second column, where what is ahead stands beside the form. */
export function useIsWide(): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const query = matchMedia(WIDE);
      query.addEventListener('change', onChange);
      return () => query.removeEventListener('change', onChange);
    },
    () => matchMedia(WIDE).matches,
    () => true,
  );
}
