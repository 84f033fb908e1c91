import { z } from 'zod';
import { SKIP_ALL, StandingAnswer } from './resume-answer.ts';

/** When a pause ends by itself, and what it runs then of the ticks that fell into it. */
export const PauseEnd = z.object({
  /** ISO 8601. */
  until: z.iso.datetime({ offset: true, error: 'Give an instant such as 2026-03-09T18:00:00Z.' }),
  answer: StandingAnswer.default(SKIP_ALL),
});
export type PauseEnd = z.output<typeof PauseEnd>;

/** What the trail says of a pause's end. */
export const saidOfEnd = (end: PauseEnd | null) => ({
  until: end ? new Date(end.until).toISOString() : null,
  answer: end?.answer ?? null,
});
