/** Why the ticks of a stretch became no runs; the CHECK `gap_reason_known` says the same. */
export const GAP_REASONS = ['paused', 'paused_all', 'missed', 'blackout', 'held'] as const;
export type GapReason = (typeof GAP_REASONS)[number];
