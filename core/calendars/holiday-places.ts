import { z } from 'zod';
import { type Actor, authorize } from '../auth/permissions.ts';
import { done, type Outcome } from '../outcome.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { holidayCountries, holidayRegions, type Place } from '../schedules/calendars/places.ts';

/** The countries whose holidays are known, by name. */
export function listCountries(actor: Actor): Promise<Place[]> {
  authorize(actor, 'calendar:read');
  return holidayCountries();
}

export const ReadRegions = z.object({
  country: z.string().regex(/^[A-Z]{2}$/, 'A country is a code of two letters.'),
});

/** The regions of a country with holidays of their own, each followed by its parts. */
export async function listRegions(
  actor: Actor,
  input: z.input<typeof ReadRegions>,
): Promise<Outcome<Place[]>> {
  authorize(actor, 'calendar:read');
  const parsed = ReadRegions.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  return done(await holidayRegions(parsed.data.country));
}
