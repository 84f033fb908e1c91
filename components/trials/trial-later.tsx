'use client';

import dynamic from 'next/dynamic';

/** Few jobs have a revision on trial: what says so comes after the page. */
export const TrialLater = dynamic(() => import('./trial-line.tsx').then((file) => file.TrialLine), {
  ssr: false,
});
