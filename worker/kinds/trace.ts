import { createHash, randomBytes } from 'node:crypto';

/** A `traceparent` of W3C Trace Context, level 1: the run's trace, and a span of its own for this attempt. */
export function traceparent(traceId: string): string {
  return `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
}

/** 32 hex digits, the same for every attempt of a run and for nothing else (W3C Trace Context). */
export function traceIdOf(installation: string, runId: number): string {
  return createHash('sha256').update(`${installation}/${runId}`).digest('hex').slice(0, 32);
}
