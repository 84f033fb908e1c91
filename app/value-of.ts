import { notFound } from 'next/navigation';
import type { Outcome } from '#core/outcome.ts';

/**
 * For pages: what a read gave. A refusal that says "not found" shows the page for that.
 * @throws Error with the refusal's sentence otherwise, for the page's error boundary
 */
export function valueOf<Value>(outcome: Outcome<Value>): Value {
  if (outcome.ok) return outcome.value;
  if (outcome.refusal.code === 'not_found') notFound();
  throw new Error(outcome.refusal.message);
}
