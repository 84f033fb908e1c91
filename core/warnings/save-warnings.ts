import { z } from 'zod';
import { type Actor, authorize, type Scope, scopeOf } from '../auth/permissions.ts';
import { databaseNow } from '../database-now.ts';
import { type Sql, sqlOf } from '../db.ts';
import { UNKNOWN_TOOK } from '../forecast/durations.ts';
import { slotsOf } from '../forecast/fitting.ts';
import type { Reckoned } from '../forecast/reckoned.ts';
import { forecastNow } from '../forecast/reckon.ts';
import { STRETCHES } from '../forecast/stretches.ts';
import { quantile } from '../runs/durations.ts';
import { JobId } from '../ids.ts';
import { completeOne } from '../jobs/complete-definition.ts';
import { JobDefinition } from '../jobs/definition.ts';
import { readKeysInUse } from '../jobs/find-job.sql.ts';
import { jobsFor } from '../jobs/job-for.ts';
import { done, type Outcome } from '../outcome.ts';
import { prisma, webPool } from '../prisma.ts';
import { type CompiledSchedule, compileSchedule } from '../schedules/compile.ts';
import { nextFire } from '../schedules/fires.ts';
import { Schedule } from '../schedules/schedule.ts';
import { readTrials } from '../trials/trials.sql.ts';
import type { Facts, Start } from './facts.ts';
import { readTookOf } from './took.ts';
import type { Warning } from './warning.ts';
import { warningsOf } from './warnings.ts';

const { overlap, retentionDays, queue } = JobDefinition.shape;

const AskedWarnings = z.object({
  schedule: Schedule,
  key: z.string().max(64).default(''),
  queue,
  overlap,
  retentionDays,
  /** The job that it would be saved for. */
  jobId: JobId.optional(),
});

/** Whatever is typed: it needn’t be right yet. */
export const ReadSaveWarnings = z.record(z.string(), z.unknown());

/**
 * What to know before saving a job so. Looks at the next day of its queue through the forecast, which is kept for a while,
 * so that asking after each key costs little; at the next week where it doesn't fire within a day.
 */
export async function readSaveWarnings(
  actor: Actor,
  input: z.input<typeof AskedWarnings> | z.input<typeof ReadSaveWarnings>,
): Promise<Outcome<Warning[]>> {
  const scope = scopeOf(actor, 'job:read');
  authorize(actor, 'queue:read');
  const parsed = AskedWarnings.safeParse(input);
  // Somebody is in the middle of typing: what is wrong is told at its field.
  if (!parsed.success) return done([]);
  const sql = sqlOf(webPool());
  const given = { ...parsed.data, jobId: await knownJob(sql, scope, parsed.data.jobId) };
  const trialRevision = await revisionOnTrial(sql, given.jobId);
  const now = await databaseNow(sql);
  const completed = await completeOne(sql, given.schedule, { key: given.key, now, before: null });
  if (!completed.ok) return done([]);
  const schedule = compileSchedule(completed.value);
  const stretch = stretchFor(schedule, now);
  const [{ reckoned }, installation, ownTook, keys] = await Promise.all([
    forecastNow(sql, stretch, 0),
    prisma().installation.findUniqueOrThrow({ where: { id: 1 }, select: { retentionDays: true } }),
    readTookOf(sql, given.jobId),
    scope && readKeysInUse(sql, scope),
  ]);
  return done(
    warningsOf({
      nowMs: now.getTime(),
      aheadMs: STRETCHES[stretch].lengthMs,
      schedule,
      overlap: given.overlap,
      keptDays: given.retentionDays ?? installation.retentionDays,
      took: ownTook ?? assumedTook(reckoned, given.queue),
      queue: queueOf(reckoned, given.queue),
      trialRevision,
      others: othersIn(reckoned, given.queue, given.jobId),
      known: keys && new Set(keys),
    }),
  );
}

function stretchFor(schedule: CompiledSchedule, now: Date): '24h' | '7d' {
  const nextMs = nextFire(schedule, now)?.at.getTime() ?? now.getTime();
  const isLater = nextMs > now.getTime() + STRETCHES['24h'].lengthMs;
  return isLater && nextMs <= now.getTime() + STRETCHES['7d'].lengthMs ? '7d' : '24h';
}

async function knownJob(sql: Sql, scope: Scope, jobId: number | undefined) {
  return jobId === undefined ? undefined : (await jobsFor(sql, scope, [jobId]))[0];
}

async function revisionOnTrial(sql: Sql, jobId: number | undefined): Promise<number | null> {
  const [newest] = jobId === undefined ? [] : await readTrials(sql, jobId, 1);
  return newest?.endedAt === null ? newest.revision : null;
}

function queueOf({ input }: Reckoned, name: string): Facts['queue'] {
  const found = input.queues.find((queue) => queue.name === name);
  return { name, slots: found ? slotsOf(found, input.workers).slots : Number.POSITIVE_INFINITY };
}

function othersIn({ input, starts }: Reckoned, queue: string, jobId: number | undefined): Start[] {
  const others: Start[] = [];
  for (let start = 0; start < starts.atMs.length; start++) {
    const job = input.jobs[starts.job[start]!]!;
    if (job.queue !== queue || job.id === jobId) continue;
    others.push({
      atMs: starts.atMs[start]!,
      key: job.key,
      fires: starts.fires[start]!,
      usualMs: job.took.usualMs,
      isExclusive: job.overlap !== 'allow',
    });
  }
  return others;
}

/** Of a job that never ran: what the jobs of its queue take. */
function assumedTook({ input }: Reckoned, queue: string): Facts['took'] {
  const own = input.jobs.filter((job) => job.queue === queue && !job.took.isAssumed);
  const median = (of: 'usualMs' | 'longMs') =>
    quantile(
      own.map(({ took }) => took[of]),
      0.5,
    ) ?? UNKNOWN_TOOK[of];
  return { usualMs: median('usualMs'), longMs: median('longMs'), isAssumed: true };
}
