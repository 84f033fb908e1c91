import { insertAuditEntries } from '../audit/audit.sql.ts';
import { knowCalendars } from '../calendars/know-calendars.ts';
import type { Sql } from '../db.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { switchOpenGaps } from '../gaps/gaps.sql.ts';
import { takeTicksBack } from '../jobs/change-over.ts';
import { firstInstantAhead, lockInstallation, lockJobs } from '../jobs/change-over.sql.ts';
import { scheduleIn } from '../schedules/saved-schedule.ts';
import { type Diagnosis, diagnose } from './find-damage.ts';
import {
  cutOpenGapAtFirstRun,
  insertMissedGaps,
  type JobToHeal,
  type LostStretch,
  readJobsToHeal,
  writeHealed,
} from './heal.sql.ts';
import { findWrongNextTicks } from './wrong-next-ticks.ts';
import { findLostTicks } from './lost-ticks.ts';

/** Of these jobs, those with which something seems to be wrong. */
export async function findDamaged(sql: Sql, jobs: readonly JobToHeal[]): Promise<number[]> {
  const diagnoses = await diagnoseAll(sql, jobs);
  const lost = await findLostTicks(
    sql,
    [...diagnoses.values()].map(({ toCheck }) => toCheck),
  );
  return [...diagnoses].flatMap(([jobId, { damages, isGapWrong }]) =>
    damages.length > 0 || isGapWrong || lost.has(jobId) ? [jobId] : [],
  );
}

async function diagnoseAll(sql: Sql, jobs: readonly JobToHeal[]): Promise<Map<number, Diagnosis>> {
  await knowCalendars(
    sql,
    jobs.map(({ definition }) => scheduleIn(definition)),
  );
  const wrong = await findWrongNextTicks(sql, jobs);
  return new Map(
    jobs.flatMap((job) => {
      const wrongNextTick = wrong.get(job.jobId);
      const diagnosis = diagnose(wrongNextTick === undefined ? job : { ...job, wrongNextTick });
      return diagnosis ? [[job.jobId, diagnosis]] : [];
    }),
  );
}

const NOTE = 'its planning had been moved past them, or their runs were taken away';

/**
 * Puts one job right, in the open transaction, with an entry in the audit trail; looked at anew once it is locked. False
 * where nothing is wrong any more.
 *
 * The cursor is never moved back. Ticks that it was moved over and that have passed stand in a gap `missed`: nobody knows
 * whether they were to run, and a person can run them. Those that lie ahead are planned.
 */
export async function healJob(sql: Sql, jobId: number): Promise<boolean> {
  const { pausedAt } = await lockInstallation(sql, 'SHARE');
  await lockJobs(sql, [jobId]);
  const [job] = await readJobsToHeal(sql, { jobIds: [jobId] });
  const diagnosis = job && (await diagnoseAll(sql, [job])).get(jobId);
  if (!diagnosis) return false;
  const { damages, healed, isGapWrong, toCheck } = diagnosis;
  if (isGapWrong) await cutOpenGapAtFirstRun(sql, jobId);
  const lost = (await findLostTicks(sql, [toCheck])).get(jobId) ?? [];
  if (damages.length === 0 && !isGapWrong && lost.length === 0) return false;

  if (damages.length > 0) await writeHealed(sql, jobId, healed);
  const passed = await insertPassed(sql, jobId, lost);
  const isAheadLost = lost.some(({ to }) => to > job.now);
  const isTakenBack = isAheadLost || job.farTick !== null;
  if (isGapWrong || isTakenBack || job.revision !== healed.revision) {
    const locked = await lockJobs(sql, [jobId]);
    const from = await takeTicksBack(sql, locked, { isEverythingPaused: pausedAt !== null });
    await switchOpenGaps(sql, [jobId], from);
  }
  await insertAuditEntries(sql, [entryOf(job, diagnosis, { passed, isAheadLost })]);
  await announce(sql, 'job', [jobId]);
  await signalWorkers(sql, 'plan');
  return true;
}

/** Up to now; what comes later is planned instead. */
async function insertPassed(
  sql: Sql,
  jobId: number,
  lost: readonly LostStretch[],
): Promise<LostStretch[]> {
  if (lost.length === 0) return [];
  const ahead = await firstInstantAhead(sql);
  const passed = lost
    .filter(({ from }) => from < ahead)
    .map((stretch) => (stretch.to > ahead ? { ...stretch, to: ahead } : stretch));
  if (passed.length > 0) await insertMissedGaps(sql, jobId, passed, NOTE);
  return passed;
}

function entryOf(
  { columns: { key }, plannedUntil, openGap }: JobToHeal,
  { damages, isGapWrong }: Diagnosis,
  { passed, isAheadLost }: { passed: readonly LostStretch[]; isAheadLost: boolean },
) {
  const gaps = passed.map(({ from, to }) => ({ from: from.toISOString(), to: to.toISOString() }));
  return {
    actor: 'Punctual',
    action: 'job.heal',
    subject: `job:${key}`,
    before: {
      ...Object.fromEntries(damages.map(({ part, is }) => [part, is ?? null])),
      ...(isGapWrong && { gapOfPause: openGap }),
      ...(isAheadLost && { plannedUntil: plannedUntil.toISOString() }),
      ...(gaps.length > 0 && { ticksIn: 'no run and no gap' }),
    },
    after: {
      ...Object.fromEntries(damages.map(({ part, shouldBe }) => [part, shouldBe ?? null])),
      ...(isGapWrong && { gapOfPause: 'as its pause says' }),
      ...(isAheadLost && { plannedAgainFrom: 'now' }),
      ...(gaps.length > 0 && { missed: gaps }),
    },
    reason: sentenceOf(damages.length, isGapWrong, isAheadLost, gaps.length),
    address: null,
  };
}

function sentenceOf(
  damages: number,
  isGapWrong: boolean,
  isAheadLost: boolean,
  gaps: number,
): string {
  return [
    ...(damages > 0 ? ['What its row said wasn’t what its schedule and its revision say.'] : []),
    ...(isGapWrong ? ['Its pause and its gap didn’t agree.'] : []),
    ...(gaps > 0 ? ['Ticks had passed without a run or a gap: they count as missed.'] : []),
    ...(isAheadLost ? ['Ticks ahead counted as planned and had no run: they are planned.'] : []),
  ].join(' ');
}
