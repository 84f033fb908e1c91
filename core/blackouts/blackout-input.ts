import { z } from 'zod';
import { BlackoutId } from '../ids.ts';
import { BLACKOUT_EFFECTS, BlackoutTimes } from '../schedules/blackouts/blackout-times.ts';
import { BlackoutScope } from './scope.ts';

const NAME_ERROR = 'Give the blackout a name, such as “Database maintenance”.';

/** What a blackout says. */
export const BlackoutDefinition = z.object({
  name: z
    .string({ error: NAME_ERROR })
    .trim()
    .min(1, NAME_ERROR)
    .max(100, 'A blackout’s name has at most 100 characters.'),
  note: z.string().trim().max(500, 'A note has at most 500 characters.').default(''),
  effect: z.enum(BLACKOUT_EFFECTS, {
    error: 'Choose what becomes of the ticks: skip or hold.',
  }),
  times: BlackoutTimes,
  scope: BlackoutScope,
});
export type BlackoutDefinition = z.output<typeof BlackoutDefinition>;

const BasedOnVersion = z
  .int({ error: 'Say which version of the blackout this is based on.' })
  .min(1);

export const EditBlackout = BlackoutDefinition.extend({
  id: BlackoutId,
  /** The version that the form was opened with: a newer one refuses the edit. */
  basedOnVersion: BasedOnVersion,
});
export const EndBlackout = z.object({ id: BlackoutId });
export const DeleteBlackout = z.object({ id: BlackoutId });
