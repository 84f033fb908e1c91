/**
 * What may be told of a job: a run that failed or timed out for good, one that was lost, ticks that were missed, a pause
 * that Punctual made, and that all is well again.
 */
export const TOLD = ['failed', 'lost', 'missed', 'auto_paused', 'recovered'] as const;
export type Told = (typeof TOLD)[number];
