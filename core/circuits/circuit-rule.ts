import { z } from 'zod';

/** Whose failures count together. */
export const CIRCUIT_SCOPES = ['job', 'host'] as const;
export type CircuitScope = (typeof CIRCUIT_SCOPES)[number];

const DAY_MS = 86_400_000;

/**
 * When a job's work is left alone for a while. Under `host` the circuit is that of the host which an HTTP job calls, with
 * every job that says so; each of them brings its own numbers.
 */
export const CircuitRule = z.object({
  per: z.enum(CIRCUIT_SCOPES).default('job'),
  /** Attempts that fail or time out … */
  failures: z
    .int('Give a whole number of failures.')
    .min(1, 'At least 1 failure opens the circuit.')
    .max(1_000, 'At most 1,000 failures open the circuit.')
    .default(5),
  /** … within so long open it … */
  withinMs: z
    .int()
    .min(1_000, 'The failures lie within at least 1 second.')
    .max(DAY_MS, 'The failures lie within at most 1 day.')
    .default(600_000),
  /** … for so long; a try that fails opens it for twice as long as before … */
  openMs: z
    .int()
    .min(1_000, 'The circuit opens for at least 1 second.')
    .max(DAY_MS, 'The circuit opens for at most 1 day.')
    .default(60_000),
  /** … and at most for so long. */
  longestOpenMs: z
    .int()
    .min(1_000, 'The circuit opens for at least 1 second.')
    .max(7 * DAY_MS, 'The circuit opens for at most 7 days.')
    .default(3_600_000),
});
export type CircuitRule = z.output<typeof CircuitRule>;

/** One circuit: a job's own, or that of a host (`api.example.org`, `10.0.0.7:8080`). */
export type CircuitTarget = { jobId: number } | { host: string };

/** What the job's row copies: `job`, `host:…`, or null without a circuit. */
export type CircuitColumn = 'job' | `host:${string}`;

export function circuitColumn(definition: {
  circuit: CircuitRule | null;
  work: { kind: string; url?: string };
}): CircuitColumn | null {
  const { circuit, work } = definition;
  if (circuit === null) return null;
  const host = circuit.per === 'host' && work.url !== undefined ? hostOf(work.url) : null;
  return host === null ? 'job' : `host:${host}`;
}

export function targetOf(jobId: number, column: CircuitColumn): CircuitTarget {
  return column === 'job' ? { jobId } : { host: column.slice('host:'.length) };
}

/** Host and port of an address whose path may hold placeholders; in lower case, without the scheme's own port. */
function hostOf(address: string): string | null {
  try {
    return new URL(address).host || null;
  } catch {
    return null;
  }
}
