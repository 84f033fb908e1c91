import type { JobDefinition } from '../jobs/definition.ts';
import { countFires, nextFire } from '../schedules/fires.ts';
import { savedFires } from '../schedules/saved-schedule.ts';
import type { Rate } from './backfill-input.ts';
import type { OccurrenceCounts } from './count.ts';
import type { BackfillJob } from './job.sql.ts';
import type { Surroundings } from './preview.sql.ts';

/** What one should know before a backfill is begun, the gravest first. `at` is ISO 8601. */
export type BackfillWarning =
  /** Another of the job is about some of the same occurrences: this one would be refused. */
  | { kind: 'under_way'; id: number }
  | { kind: 'unusable' }
  | { kind: 'everything_paused' }
  | { kind: 'paused' }
  /** More at once than the job, or its queue, lets run. */
  | { kind: 'one_at_a_time' }
  | { kind: 'queue_runs'; queue: string; most: number }
  | { kind: 'queue_holds'; queue: string; most: number }
  /** The job fires so often while it lasts. */
  | { kind: 'ticks'; count: number; at: string; isExclusive: boolean }
  /** Nothing says whether these succeeded. */
  | { kind: 'unrecorded'; count: number }
  | { kind: 'before'; count: number }
  | { kind: 'long'; takesMs: number };

const LONG_MS = 7 * 86_400_000;
/** Beyond this the ticks ahead aren't counted. */
const MOST_AHEAD_MS = 366 * 86_400_000;

export type Considered = {
  job: BackfillJob;
  definition: JobDefinition | undefined;
  counts: OccurrenceCounts;
  runs: number;
  takesMs: number | null;
  choice: Rate & { rule: string };
  surroundings: Surroundings;
  other: { id: number } | null;
};

export function warningsOf(considered: Considered): BackfillWarning[] {
  const { job, definition, counts, choice, runs, takesMs, surroundings, other } = considered;
  const { queue = '', overlap } = definition ?? {};
  const isExclusive = overlap !== 'allow';
  const warnings: (BackfillWarning | null)[] = [
    other && { kind: 'under_way', id: other.id },
    definition ? null : { kind: 'unusable' },
    job.isEverythingPaused ? { kind: 'everything_paused' } : null,
    job.isPaused ? { kind: 'paused' } : null,
    isExclusive && choice.atOnce > 1 ? { kind: 'one_at_a_time' } : null,
    !isExclusive && choice.atOnce > surroundings.maxRunning
      ? { kind: 'queue_runs', queue, most: surroundings.maxRunning }
      : null,
    choice.atOnce > surroundings.maxRunning + Math.floor(surroundings.maxWaiting / 2)
      ? { kind: 'queue_holds', queue, most: surroundings.maxWaiting }
      : null,
    ticksMeanwhile(job, takesMs ?? 0, isExclusive),
    choice.rule !== 'pick' && counts.outcomes.unrecorded
      ? { kind: 'unrecorded', count: counts.outcomes.unrecorded }
      : null,
    choice.rule !== 'pick' && counts.outcomes.before
      ? { kind: 'before', count: counts.outcomes.before }
      : null,
    takesMs !== null && takesMs > LONG_MS ? { kind: 'long', takesMs } : null,
  ];
  return runs === 0 && !other ? [] : warnings.filter((warning) => warning !== null);
}

function ticksMeanwhile(
  { schedule, now, isPaused, isEverythingPaused }: BackfillJob,
  takesMs: number,
  isExclusive: boolean,
): BackfillWarning | null {
  const timing = isPaused || isEverythingPaused ? null : savedFires(schedule);
  const next = timing && nextFire(timing, now);
  const until = new Date(now.getTime() + Math.min(takesMs, MOST_AHEAD_MS));
  if (!timing || !next || next.at > until) return null;
  const count = countFires(timing, now, until);
  return { kind: 'ticks', count, at: next.at.toISOString(), isExclusive };
}
