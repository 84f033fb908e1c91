import { z } from 'zod';
import { AutoPauseRule } from '../auto-pause/auto-pause-rule.ts';
import { CircuitRule } from '../circuits/circuit-rule.ts';
import { JobMessages } from '../messages/rule.ts';
import { KIND_CONFIGS } from './kinds/kinds.ts';
import { Labels } from './labels.ts';
import { Parameters } from './parameters.ts';
import { RetryRule } from './retry-rule.ts';
import { CATCH_UP_RULES } from '../schedules/catch-up.ts';
import { Schedule } from '../schedules/schedule.ts';

/** A job's key and a queue's name: what stands in addresses, files and the API. */
export const Key = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/,
    'Use 1 to 64 lower-case letters, digits and hyphens, beginning and ending with a letter or digit.',
  );

/** `/jobs/new` is where the console makes a job: one of that key couldn't be opened. */
const JobKey = Key.refine(
  (key) => key !== 'new',
  'The console uses the address /jobs/new itself. Choose another key.',
);

export const OVERLAP_RULES = [
  'skip',
  'queue_one',
  'queue_all',
  'cancel_previous',
  'allow',
] as const;
export type OverlapRule = (typeof OVERLAP_RULES)[number];

const Name = z.string().trim().min(1, 'Give it a name.').max(100, 'Use at most 100 characters.');
/**
 * All that a person can say of a job; one saved version of it is a revision. The editor, the server actions, the
 * worker and later the API and files parse this one schema.
 */
export const JobDefinition = z.object({
  key: JobKey,
  work: z.discriminatedUnion('kind', KIND_CONFIGS),
  schedule: Schedule,
  /**
   * Of the ticks missed while nothing ran, the latest is made up for, or all (as many as `catchUpMost`), or none; the
   * others stand in a gap.
   */
  catchUp: z
    .enum(CATCH_UP_RULES, { error: `Choose what is made up for: ${CATCH_UP_RULES.join(', ')}.` })
    .default('latest'),
  catchUpMost: z
    .int('Give a whole number of missed ticks to make up for.')
    .min(1, 'Make up for at least 1 missed tick, or choose none.')
    .max(1_000, 'Make up for at most 1,000 missed ticks.')
    .default(100),
  /** How many of them become due in a minute, so that they don't crowd out what is due now. */
  catchUpPerMinute: z
    .int('Give a whole number of runs a minute.')
    .min(1, 'Make up for at least 1 tick a minute.')
    .max(6_000, 'Make up for at most 6,000 ticks a minute.')
    .default(60),
  /** A tick that couldn't start for so long is recorded and not run. */
  startDeadlineMs: z
    .int()
    .min(1_000, 'The start deadline is at least 1 second.')
    .max(31 * 86_400_000, 'The start deadline is at most 31 days.')
    .default(86_400_000),
  queue: Key.default('default'),
  /** -2 (last) to 2 (first): among due runs of a queue, the higher priority starts first. */
  priority: z.int().min(-2).max(2).default(0),
  /** Null: the queue's default timeout. */
  timeoutMs: z
    .int()
    .min(1_000, 'The timeout is at least 1 second.')
    .max(7 * 86_400_000, 'The timeout is at most 7 days.')
    .nullable()
    .default(null),
  overlap: z.enum(OVERLAP_RULES).default('skip'),
  /** Only under `allow`: how many at once; null is as many as the queue has room for. */
  maxParallel: z.int().min(1, 'Allow at least 1 at once.').max(10_000).nullable().default(null),
  /** Asked of every job: only then is a run whose worker died started again. */
  mayRunTwice: z.boolean({
    error:
      'Say whether this job may run twice: a run whose worker died is started again only then.',
  }),
  retry: RetryRule.prefault({}),
  /** Null: it is tried at each tick, however often it fails. */
  circuit: CircuitRule.nullable().default(null),
  /** Null: Punctual never pauses it. */
  autoPause: AutoPauseRule.nullable().default(null),
  /** Who is told when it fails, and when it works again. */
  messages: JobMessages.prefault({}),
  parameters: Parameters,
  /** A command that runs is told when they are edited: a file is rewritten and SIGHUP sent. */
  tellParameters: z.boolean().default(false),
  /** Only workers with all these labels take its runs. */
  runsOn: Labels.default({}),
  labels: Labels.default({}),
  owner: z.string().trim().max(200, 'Use at most 200 characters.').default(''),
  notes: z.string().max(20_000, 'Notes have at most 20,000 characters.').default(''),
  runbookUrl: z
    .union([
      z.literal(''),
      z.url({
        protocol: /^https?$/,
        error: 'The runbook is an address that begins with http:// or https://.',
      }),
    ])
    .default(''),
  fields: z.record(Name, z.string().max(2_000)).default({}),
  /** Null: as long as the installation says. */
  retentionDays: z
    .int()
    .min(1, 'Keep history for at least 1 day.')
    .max(3650, 'Keep history for at most 3,650 days.')
    .nullable()
    .default(null),
  /** Beyond so many ended runs the oldest are deleted, however young. Null: only their age counts. */
  keepRuns: z
    .int()
    .min(1, 'Keep at least 1 run.')
    .max(100_000, 'Keep at most 100,000 runs.')
    .nullable()
    .default(null),
  logLimitBytes: z
    .int()
    .min(10_000, 'The log limit is at least 10 kB.')
    .max(100_000_000, 'The log limit is at most 100 MB.')
    .default(10_000_000),
});
export type JobDefinition = z.output<typeof JobDefinition>;
export type JobDefinitionInput = z.input<typeof JobDefinition>;
