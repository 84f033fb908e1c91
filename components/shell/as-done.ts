import type { Outcome } from '#core/outcome.ts';

/** Of an action without a value: `act` gives true once it was carried out, and null where it wasn't. */
export async function asDone(answer: Promise<Outcome<unknown>>): Promise<Outcome<true>> {
  const outcome = await answer;
  return outcome.ok ? { ok: true, value: true } : outcome;
}
