import type { SavedSpread, SaveSpread, TakeSpreadBack } from '#core/forecast/spread-jobs.ts';
import type { Outcome } from '#core/outcome.ts';
import type { z } from 'zod';

/** Server actions of the page. */
export type SpreadActions = {
  saveSpread: (input: z.input<typeof SaveSpread>) => Promise<Outcome<SavedSpread>>;
  takeSpreadBack: (
    input: z.input<typeof TakeSpreadBack>,
  ) => Promise<Outcome<{ restored: number; problems: string[] }>>;
};
