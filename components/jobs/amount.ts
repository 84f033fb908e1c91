import { numberOf } from '#components/ui/typed-number.ts';

/** A length of time as a person types it. `amount` is a decimal number; empty means "none given". */
export type Amount = { amount: string; unit: AmountUnit };
export type AmountUnit = 's' | 'min' | 'h' | 'd';

export const unitMs: Readonly<Record<AmountUnit, number>> = {
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds in the largest unit that divides them: 90,000 is 90 s, 120,000 is 2 min. Null is empty. */
export function amountOf(ms: number | null, unitIfNone: AmountUnit = 'min'): Amount {
  if (ms === null) return { amount: '', unit: unitIfNone };
  if (ms === 0) return { amount: '0', unit: 's' };
  const unit = (['d', 'h', 'min'] as const).find((one) => ms % unitMs[one] === 0) ?? 's';
  return { amount: String(ms / unitMs[unit]), unit };
}

/** The milliseconds of an amount, to the nearest; null when it is empty, NaN when it is no number. */
export function msOf({ amount, unit }: Amount): number | null {
  if (amount.trim() === '') return null;
  return Math.round(numberOf(amount) * unitMs[unit]);
}
