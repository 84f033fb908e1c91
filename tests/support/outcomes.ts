import type { Outcome, Refusal } from '#core/outcome.ts';

/** What a use-case gave. @throws Error with the sentence of a refusal */
export function valueOf<Value>(outcome: Outcome<Value>): Value {
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.value;
}

/** Why a use-case refused. @throws Error when it didn't */
export function refusalOf(outcome: Outcome<unknown>): Refusal {
  if (outcome.ok) throw new Error('It was not refused.');
  return outcome.refusal;
}
