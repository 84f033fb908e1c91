import type { ShownState } from '#components/state/state.ts';
import type { Level } from '#core/health/check.ts';

/** The shape of a level, and the colours of its words and of its bar. */
export const levelLook = {
  bad: { state: 'failed', ink: 'text-fail-ink', fill: 'fill-fail-fill' },
  warn: { state: 'overdue', ink: 'text-time-ink', fill: 'fill-time-fill' },
  unknown: { state: 'skipped', ink: 'text-ink-3', fill: 'fill-idle-fill' },
  well: { state: 'well', ink: '', fill: 'fill-ok-fill' },
} as const satisfies Record<Level, { state: ShownState; ink: string; fill: string }>;
