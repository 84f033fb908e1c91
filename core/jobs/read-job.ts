import { type Actor, scopeOf } from '../auth/permissions.ts';
import { databaseNow } from '../database-now.ts';
import { type Sql, sqlOf } from '../db.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { JobDefinition, Key } from './definition.ts';
import { hideDefaults } from './hidden-parameters.ts';
import { type JobFacts } from './job-facts.sql.ts';
import type { JobSummary } from './job-summary.ts';
import {
  isKeyKnown,
  type Reliability,
  readJobFactsByKey,
  readReliability,
  readRevisionRow,
  readRevisionRows,
} from './read-job.sql.ts';
import { withHistory } from './reads.ts';
import { RevisionNumber } from '../ids.ts';

/** A job as its own page shows it. */
export type JobDetail = JobSummary & {
  createdAt: string;
  /** Set: it is history only, and its key is free again. */
  deletedAt: string | null;
  /** Of the current revision; null when this version of Punctual can't read it. */
  definition: JobDefinition | null;
  savedBy: string;
  savedAt: string;
  reliability: Reliability;
};

const BARS_ON_PAGE = 60;

const noSuchJob = (key: string) =>
  refuse('not_found', `There is no job ${key}. Perhaps its key was changed, or is mistyped.`);

// What isn’t a key names no job, and may hold what the database refuses to compare.
const factsOf = (sql: Sql, actor: Actor, key: string) => {
  const scope = scopeOf(actor, 'job:read');
  return Key.safeParse(key).success
    ? readJobFactsByKey(sql, key, scope)
    : Promise.resolve(undefined);
};

/** Whether a job has or had this key, as far as the actor may know. */
export async function isJobKnown(actor: Actor, key: string): Promise<boolean> {
  const scope = scopeOf(actor, 'job:read');
  return Key.safeParse(key).success && isKeyKnown(sqlOf(webPool()), key, scope);
}

/** The job that has this key, or the latest that had it. */
export async function readJob(actor: Actor, key: string): Promise<Outcome<JobDetail>> {
  const sql = sqlOf(webPool());
  const facts = await factsOf(sql, actor, key);
  if (!facts) return noSuchJob(key);
  const [summary, revision, reliability] = await Promise.all([
    summaryOfOne(sql, facts),
    readRevisionRow(sql, facts.id, facts.revision),
    readReliability(sql, facts.id),
  ]);
  return done({
    ...summary,
    createdAt: facts.createdAt.toISOString(),
    deletedAt: facts.deletedAt?.toISOString() ?? null,
    definition: hideDefaults(
      actor,
      facts,
      JobDefinition.safeParse(revision?.definition).data ?? null,
    ),
    savedBy: revision?.createdBy ?? '',
    savedAt: (revision?.createdAt ?? facts.createdAt).toISOString(),
    reliability,
  });
}

async function summaryOfOne(sql: Sql, facts: JobFacts): Promise<JobSummary> {
  const [summary] = await withHistory(sql, [facts], await databaseNow(sql), BARS_ON_PAGE);
  return summary!;
}

export type RevisionSummary = {
  number: number;
  note: string;
  savedBy: string;
  savedAt: string;
  isCurrent: boolean;
};

/** The newest 500 revisions of a job, newest first. */
export async function listRevisions(
  actor: Actor,
  key: string,
): Promise<Outcome<RevisionSummary[]>> {
  const sql = sqlOf(webPool());
  const job = await factsOf(sql, actor, key);
  if (!job) return noSuchJob(key);
  const rows = await readRevisionRows(sql, job.id, 500);
  return done(
    rows.map(({ number, note, createdBy, createdAt }) => ({
      number,
      note,
      savedBy: createdBy,
      savedAt: createdAt.toISOString(),
      isCurrent: number === job.revision,
    })),
  );
}

export type SavedDefinition = RevisionSummary & { jobId: number; definition: JobDefinition };

/** One revision as it was saved; the current one when `revision` isn't given. */
export async function readDefinition(
  actor: Actor,
  key: string,
  revision?: number,
): Promise<Outcome<SavedDefinition>> {
  const sql = sqlOf(webPool());
  const job = await factsOf(sql, actor, key);
  if (!job) return noSuchJob(key);
  const number = revision ?? job.revision;
  const row = RevisionNumber.safeParse(number).success
    ? await readRevisionRow(sql, job.id, number)
    : undefined;
  if (!row) return refuse('not_found', `${key} has no revision ${number}.`);
  const definition = JobDefinition.safeParse(row.definition);
  if (!definition.success) {
    return refuse(
      'conflict',
      `Revision ${number} was saved by another version of Punctual, and this one can’t read it.`,
    );
  }
  return done({
    jobId: job.id,
    number,
    note: row.note,
    savedBy: row.createdBy,
    savedAt: row.createdAt.toISOString(),
    isCurrent: number === job.revision,
    definition: hideDefaults(actor, job, definition.data),
  });
}
