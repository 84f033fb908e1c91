import dynamic from 'next/dynamic';

// Few ticks have one.
export const BlackoutMark = dynamic(
  () => import('./marks-of-tick.tsx').then((file) => file.BlackoutMark),
  { ssr: false },
);
export const TickMark = dynamic(() => import('./marks-of-tick.tsx').then((file) => file.TickMark), {
  ssr: false,
});
