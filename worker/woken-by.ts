import type { WorkSignal } from '#core/events/events.ts';

/** The duties that each announcement is for. */
export const WOKEN_BY: Record<WorkSignal['signal'], string[]> = {
  look: ['claimer'],
  plan: ['planner', 'follower'],
  feed: ['backfiller'],
  cancel: ['canceller'],
  drain: ['heartbeat'],
  tell: ['parameter-teller'],
  message: ['messenger'],
};
