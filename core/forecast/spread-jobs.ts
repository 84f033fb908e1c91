import { z } from 'zod';
import { authorizeAll, knownTo } from '../auth/of-jobs.ts';
import { type Actor, authorize, authorizeForSome, NotAllowed } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { JobId, RevisionNumber } from '../ids.ts';
import { type JobDefinitionInput, Key } from '../jobs/definition.ts';
import { type EditedJob, editJob, restoreRevision } from '../jobs/edit-job.ts';
import { Note } from '../jobs/note.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { prisma, webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { knowCalendars } from '../calendars/know-calendars.ts';
import { compileSchedule } from '../schedules/compile.ts';
import { Schedule } from '../schedules/schedule.ts';
import { slotsOf } from './fitting.ts';
import { forecastSteps } from './forecast.ts';
import type { ForecastInput } from './model.ts';
import { offsetOf, ReadForecast } from './read-forecast.ts';
import { forecastNow, inTurns } from './reckon.ts';
import type { StretchName } from './stretches.ts';
import { meetingOf, type Meeting, type Spread, spreadMinute } from './spread.ts';
import type { MoveKind } from './moves.ts';

/** What "Spread these" proposes, with what it does to the minutes in which the jobs run. Instants are ISO 8601. */
export type SpreadView = {
  queue: string;
  at: string;
  slots: number;
  target: number;
  edits: ProposedEdit[];
  left: Spread['left'];
  before: MeetingView;
  after: MeetingView;
};

type MeetingView = Omit<Meeting, 'peakAtMs'> & { peakAt: string };

export type ProposedEdit = {
  jobId: number;
  key: string;
  /** The edit is based on it: a newer one refuses it. */
  revision: number;
  how: MoveKind;
  /** How much later it fires; earlier below zero. */
  shiftMs: number;
  before: ScheduleText;
  after: ScheduleText;
  schedule: Schedule;
};

/** What of a schedule a move can change. */
export type ScheduleText = { line: string | null; anchor: string | null; jitterMs: number };

export const ReadSpread = ReadForecast.extend({
  queue: Key,
  at: z.coerce.date({ error: 'Give the minute to spread, such as 2026-03-09T00:00:00Z.' }),
});

/** For those who may change when jobs fire. */
export async function readSpread(
  actor: Actor,
  input: z.input<typeof ReadSpread>,
): Promise<Outcome<SpreadView>> {
  authorize(actor, 'forecast:read');
  authorizeForSome(actor, 'job:write_when');
  const parsed = ReadSpread.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { queue, at, stretch, timeZone } = parsed.data;
  const { reckoned } = await forecastNow(sqlOf(webPool()), lookedAt(stretch), offsetOf(timeZone));
  const { input: ahead } = reckoned;
  const limits = ahead.queues.find(({ name }) => name === queue);
  if (!limits) return refuse('not_found', `There is no queue ${queue}.`);
  const { slots } = slotsOf(limits, ahead.workers);
  const spread = spreadMinute(reckoned, queue, at.getTime(), slots);
  const jobIds = new Set([...spread.edits, ...spread.left].map(({ jobId }) => jobId));
  const after = await inTurns(forecastSteps(withEdits(ahead, spread.edits)));
  const schedules = new Map(ahead.jobs.map(({ id, schedule }) => [id, schedule.schedule]));
  return done({
    queue,
    at: at.toISOString(),
    slots,
    target: spread.target,
    edits: spread.edits.map(({ schedule, ...edit }) => ({
      ...edit,
      before: textOf(schedules.get(edit.jobId)!),
      after: textOf(schedule),
      schedule,
    })),
    left: spread.left,
    before: asView(meetingOf(reckoned, queue, jobIds)),
    after: asView(meetingOf(after.reckoned, queue, jobIds)),
  });
}

// Less than a day doesn't show what a minute of the day is like.
const lookedAt = (stretch: StretchName) => (stretch === '1h' || stretch === '6h' ? '24h' : stretch);

const MOST_EDITS = 100;

export const ReadSpreadEffect = ReadForecast.extend({
  queue: Key,
  /** Those that meet, whether they are moved or not. */
  jobIds: z.array(JobId).max(1_000),
  /** Of what was proposed, what is chosen. */
  edits: z.array(z.object({ jobId: JobId, schedule: Schedule })).max(MOST_EDITS),
});

export type SpreadEffect = Pick<SpreadView, 'before' | 'after'>;

/** What some of the proposed edits do without the others. */
export async function readSpreadEffect(
  actor: Actor,
  input: z.input<typeof ReadSpreadEffect>,
): Promise<Outcome<SpreadEffect>> {
  authorize(actor, 'forecast:read');
  authorizeForSome(actor, 'job:write_when');
  const parsed = ReadSpreadEffect.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { queue, jobIds, edits, stretch, timeZone } = parsed.data;
  const sql = sqlOf(webPool());
  const { reckoned } = await forecastNow(sql, lookedAt(stretch), offsetOf(timeZone));
  await knowCalendars(
    sql,
    edits.map(({ schedule }) => schedule),
  );
  const after = await inTurns(forecastSteps(withEdits(reckoned.input, edits)));
  const met = new Set(jobIds);
  return done({
    before: asView(meetingOf(reckoned, queue, met)),
    after: asView(meetingOf(after.reckoned, queue, met)),
  });
}

function withEdits(
  input: ForecastInput,
  edits: readonly { jobId: number; schedule: Schedule }[],
): ForecastInput {
  const moved = new Map(edits.map(({ jobId, schedule }) => [jobId, schedule]));
  return {
    ...input,
    jobs: input.jobs.map((job) => {
      const schedule = moved.get(job.id);
      return schedule ? { ...job, schedule: compileSchedule(schedule) } : job;
    }),
  };
}

function asView({ peakAtMs, ...meeting }: Meeting): MeetingView {
  return { ...meeting, peakAt: new Date(peakAtMs).toISOString() };
}

function textOf(schedule: Schedule): ScheduleText {
  return {
    line: schedule.type === 'cron' ? schedule.lines.join(' | ') : null,
    anchor: schedule.type === 'interval' ? (schedule.anchor ?? null) : null,
    jitterMs: schedule.type === 'manual' ? 0 : (schedule.jitterMs ?? 0),
  };
}

export const SaveSpread = z.object({
  edits: z
    .array(
      z.object({
        jobId: JobId,
        basedOnRevision: RevisionNumber,
        // The edit itself parses it.
        schedule: z.custom<JobDefinitionInput['schedule']>((given) => typeof given === 'object'),
      }),
    )
    .min(1, 'Choose at least one job.')
    .max(MOST_EDITS, `Save at most ${MOST_EDITS} jobs at a time.`),
  note: Note,
});

/** What became of each edit, in their order: its new revision, or the sentence that refuses it. */
export type SavedSpread = {
  jobId: number;
  key: string;
  revision: number | null;
  /** The revision that it was based on, to go back to. */
  before: number;
  problem: string | null;
}[];

/**
 * Saves new schedules of several jobs, each as an ordinary edit with a revision of its own: one that somebody else
 * overtook is refused and told, the others are saved all the same.
 */
export async function saveSpread(
  actor: Actor,
  input: z.input<typeof SaveSpread>,
): Promise<Outcome<SavedSpread>> {
  authorizeForSome(actor, 'job:write_when');
  const parsed = SaveSpread.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { edits, note } = parsed.data;
  const known = await jobsToMove(actor, edits);
  const saved: SavedSpread = [];
  for (const { jobId, basedOnRevision, schedule } of edits) {
    const definition = known.has(jobId) ? await definitionOf(jobId, basedOnRevision) : null;
    if (definition === null) {
      const problem = 'This job isn’t there any more: somebody deleted it.';
      saved.push({ jobId, key: '', revision: null, before: basedOnRevision, problem });
      continue;
    }
    const edit = { jobId, basedOnRevision, definition: { ...definition, schedule }, note };
    const outcome = await unlessNotAllowed(() => editJob(actor, edit));
    saved.push({
      jobId,
      key: definition.key,
      revision: outcome.ok && outcome.value.isChanged ? outcome.value.revision : null,
      before: basedOnRevision,
      problem: problemOf(outcome),
    });
  }
  return done(saved);
}

function problemOf(outcome: Outcome<EditedJob>): string | null {
  if (!outcome.ok) return outcome.refusal.message;
  return outcome.value.proposal === null ? null : 'It waits for a second person, who allows it.';
}

/**
 * Those of the jobs that the actor may know of, by id.
 * @throws NotAllowed before any of them is changed, where one of them may not be moved
 */
async function jobsToMove(
  actor: Actor,
  edits: readonly { jobId: number }[],
): Promise<ReadonlySet<number>> {
  const rows = await prisma().job.findMany({
    where: { id: { in: edits.map(({ jobId }) => jobId) }, deletedAt: null },
    select: { id: true, key: true, labels: true },
  });
  const jobs = knownTo(
    actor,
    rows.map((row) => ({ ...row, labels: row.labels as Record<string, string> })),
  );
  authorizeAll(actor, 'job:write_when', jobs);
  return new Set(jobs.map(({ id }) => id));
}

/** Each edit asks again, holding its job: labels that changed since refuse that one. */
async function unlessNotAllowed<Value>(
  save: () => Promise<Outcome<Value>>,
): Promise<Outcome<Value>> {
  try {
    return await save();
  } catch (error) {
    if (error instanceof NotAllowed) return refuse('not_allowed', error.message);
    throw error;
  }
}

async function definitionOf(jobId: number, number: number): Promise<JobDefinitionInput | null> {
  const revision = await prisma().revision.findUnique({
    where: { jobId_number: { jobId, number } },
    select: { definition: true },
  });
  return revision === null ? null : (revision.definition as JobDefinitionInput);
}

export const TakeSpreadBack = z.object({
  edits: z
    .array(z.object({ jobId: JobId, basedOnRevision: RevisionNumber, revision: RevisionNumber }))
    .min(1)
    .max(MOST_EDITS),
});

/** Makes the revisions before a spread the newest again, each where nobody has edited the job since. */
export async function takeSpreadBack(
  actor: Actor,
  input: z.input<typeof TakeSpreadBack>,
): Promise<Outcome<{ restored: number; problems: string[] }>> {
  authorizeForSome(actor, 'job:write_when');
  const parsed = TakeSpreadBack.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  await jobsToMove(actor, parsed.data.edits);
  const problems: string[] = [];
  for (const edit of parsed.data.edits) {
    const outcome = await unlessNotAllowed(() => restoreRevision(actor, { ...edit, note: '' }));
    if (!outcome.ok) problems.push(outcome.refusal.message);
  }
  return done({ restored: parsed.data.edits.length - problems.length, problems });
}
