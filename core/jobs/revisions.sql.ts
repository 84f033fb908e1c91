import type { Sql } from '../db.ts';

export type RevisionRow = { jobId: number; number: number; definition: unknown };

/** The stored definitions of these revisions, unparsed; what doesn't exist is missing in the answer. */
export async function readRevisions(
  sql: Sql,
  revisions: readonly { jobId: number; revision: number }[],
): Promise<RevisionRow[]> {
  return sql<RevisionRow>(READ_REVISIONS, [
    revisions.map(({ jobId }) => jobId),
    revisions.map(({ revision }) => revision),
  ]);
}

const READ_REVISIONS = `
SELECT v.job_id AS "jobId", v.number, v.definition
FROM unnest($1::int[], $2::int[]) AS wanted (job_id, number)
JOIN revision v ON v.job_id = wanted.job_id AND v.number = wanted.number`;

/** The revisions that these jobs have now; a deleted job isn't among them. */
export async function readPresentRevisions(
  sql: Sql,
  jobIds: readonly number[],
): Promise<{ jobId: number; revision: number }[]> {
  return sql(
    'SELECT id AS "jobId", revision FROM job WHERE id = ANY ($1::int[]) AND deleted_at IS NULL',
    [jobIds],
  );
}

/** What a job's newest revision says, unparsed, and the labels that the job has. */
export async function readNewestDefinition(
  sql: Sql,
  jobId: number,
): Promise<{ labels: Record<string, string>; definition: unknown }> {
  const [row] = await sql<{ labels: Record<string, string>; definition: unknown }>(
    `SELECT j.labels, v.definition FROM job j JOIN revision v ON v.job_id = j.id AND v.number = j.revision
      WHERE j.id = $1::int`,
    [jobId],
  );
  return row ?? { labels: {}, definition: null };
}
