import { z } from 'zod';
import { type Actor, type Scope, scopeOf } from '../auth/permissions.ts';
import { briefly } from '../briefly.ts';
import { sqlOf } from '../db.ts';
import { done, type Outcome } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { checkTimeZone } from '../schedules/zone-names.ts';
import { zoneNamed } from '../schedules/zones.ts';
import { chooseBuckets, edgesOf } from './buckets.ts';
import { RunFilters } from './filters.ts';
import { type Histogram, histogramOf, type StateCounts } from './histogram.ts';
import { type BucketCount, countRunsByBucket, type Edges } from './reads-histogram.sql.ts';
import { runQuery } from './reads.ts';

const DAY_MS = 86_400_000;

/** The histogram above the list of runs: all that match within the span up to now, and those within from and to. */
export const ReadRunChart = RunFilters.extend({
  /** How far back the chart looks; further where `from` lies before. */
  spanMs: z.coerce
    .number()
    .int()
    .min(3_600_000)
    .max(400 * DAY_MS)
    .default(DAY_MS),
  /** The reader's, so that buckets of hours and days begin where theirs do. */
  timeZone: z
    .string()
    .default('UTC')
    .refine((name) => checkTimeZone(name) === null, 'Give a time zone such as Europe/Berlin.'),
});

export type RunChart = Histogram & {
  /** The reader's zone now, against UTC. */
  offsetMinutes: number;
  /** Matches between `from` and `to`; null when no time is chosen. */
  selected: { counts: StateCounts; isEstimate: boolean } | null;
};

// A day of quarters of an hour, and the one that is just beginning.
const MOST_BUCKETS = 97;
// A chosen beginning doesn't stand at the very edge of the chart.
const MARGIN = 0.05;

export async function readRunChart(
  actor: Actor,
  input: z.input<typeof ReadRunChart>,
): Promise<Outcome<RunChart>> {
  const scope = scopeOf(actor, 'run:read');
  const parsed = ReadRunChart.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  return done(await chartOnce(JSON.stringify([scope, parsed.data])));
}

const chartOnce = briefly((asked: string) => {
  const [scope, input] = JSON.parse(asked) as [Scope, z.input<typeof ReadRunChart>];
  return chartOf(scope, ReadRunChart.parse(input));
});

async function chartOf(scope: Scope, asked: z.output<typeof ReadRunChart>): Promise<RunChart> {
  const { spanMs, timeZone, ...filters } = asked;
  const now = new Date();
  const nowMs = now.getTime();
  const chosenMs = filters.from ? nowMs - filters.from.getTime() : 0;
  const fromMs = nowMs - Math.max(spanMs, chosenMs * (1 + MARGIN));
  const offsetMinutes = Math.round(zoneNamed(timeZone).stretchAt(nowMs).offsetMs / 60_000);
  const buckets = chooseBuckets(fromMs, nowMs + 1, MOST_BUCKETS, offsetMinutes);
  const query = await runQuery(filters, scope);
  const count = (edges: Edges): Promise<BucketCount[]> =>
    query === null ? Promise.resolve([]) : countRunsByBucket(sqlOf(webPool()), query, edges);
  const chosen = [filters.from ?? new Date(buckets.fromMs), filters.to ?? now];
  const isChosen = filters.from !== null || filters.to !== null;
  const [all, selected] = await Promise.all([
    count(edgesOf(buckets)),
    isChosen && chosen[0]! < chosen[1]! ? count(chosen) : [],
  ]);
  return {
    ...histogramOf(buckets, all),
    offsetMinutes,
    selected: isChosen ? sumOf(selected) : null,
  };
}

function sumOf(counted: readonly BucketCount[]): NonNullable<RunChart['selected']> {
  const counts: StateCounts = {};
  for (const { state, count } of counted) counts[state] = (counts[state] ?? 0) + count;
  return { counts, isEstimate: counted.some(({ isEstimate }) => isEstimate) };
}
