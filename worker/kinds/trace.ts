import { randomBytes } from 'node:crypto';

/** A `traceparent` of W3C Trace Context, level 1: the run's trace, and a span of its own for this attempt. */
export function traceparent(traceId: string): string {
  return `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
}
