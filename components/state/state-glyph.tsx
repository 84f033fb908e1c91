import type { ReactNode } from 'react';
import { cn } from '#components/ui/cn.ts';
import { inkOf, toneOf, type ShownState } from './state.ts';

/**
 * The shape and colour of a state, 14 px. Each state has a shape of its own, so that nobody has to tell
 * red from green; only `running` moves. Without `label` it is decoration beside a word.
 */
export function StateGlyph({
  state,
  label,
  className,
}: {
  state: ShownState;
  label?: string | undefined;
  className?: string | undefined;
}) {
  return (
    <svg
      viewBox="0 0 14 14"
      width={14}
      height={14}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      role={label === undefined ? undefined : 'img'}
      aria-label={label}
      aria-hidden={label === undefined ? true : undefined}
      className={cn(
        'inline-block size-3.5 shrink-0',
        inkOf[toneOf[state]],
        state === 'running' && 'animate-turn',
        className,
      )}
    >
      {shapes[state]}
    </svg>
  );
}

const ring = <circle cx={7} cy={7} r={5.25} />;
const disc = <circle cx={7} cy={7} r={5} fill="currentColor" stroke="none" />;

const shapes: Record<ShownState, ReactNode> = {
  // Eight dashes: 2π · 5.25 ÷ 8 = 4.12 for a dash and its space.
  queued: <circle cx={7} cy={7} r={5.25} strokeDasharray="2.2 1.923" strokeLinecap="butt" />,
  running: (
    <>
      {ring}
      <path d="M7 1.75a5.25 5.25 0 0 0 0 10.5z" fill="currentColor" stroke="none" />
    </>
  ),
  succeeded: disc,
  failed: <path d="m3.2 3.2 7.6 7.6m0-7.6-7.6 7.6" strokeWidth={2.25} />,
  timed_out: (
    <>
      {ring}
      <path d="M7 4.1V7h2.3" />
    </>
  ),
  lost: (
    <>
      <path d="M4.4 4.6A2.7 2.7 0 1 1 8.6 6.9C7.5 7.6 7 8 7 9" strokeWidth={1.75} />
      <circle cx={7} cy={11.9} r={1.05} fill="currentColor" stroke="none" />
    </>
  ),
  cancelled: (
    <>
      {ring}
      <path d="m3.4 3.4 7.2 7.2" />
    </>
  ),
  skipped: <path d="M3 7h8" strokeWidth={2} />,
  gap: <path d="M1 7h12" strokeWidth={2} strokeDasharray="3 1.5" strokeLinecap="butt" />,
  planned: ring,
  paused: <path d="M4.5 3v8m5-8v8" strokeWidth={2} />,
  overdue: (
    <>
      <path d="m7 1.7 5.4 9.8H1.6z" />
      <path d="M7 5.4v2.5" />
      <circle cx={7} cy={9.7} r={0.8} fill="currentColor" stroke="none" />
    </>
  ),
  draining: <path d="M2.5 3h9m-9 0 4 4.5V12h1V7.5L11.5 3" />,
  stopped: <rect x={3} y={3} width={8} height={8} rx={1} />,
  well: disc,
};
