import type { Sql } from '../db.ts';
import type { JobDefinition } from '../jobs/definition.ts';
import type { JobColumns } from '../jobs/job-columns.ts';

/** Makes a revision with the same ticks as the current one, as the newest of its job. */
export async function goBackTo(
  sql: Sql,
  to: {
    jobId: number;
    revision: number;
    definition: JobDefinition;
    columns: JobColumns;
    note: string;
    by: string;
    /** The last instant of the revision before. */
    at: Date;
  },
): Promise<void> {
  const { kind, owner, labels, circuit, retentionDays, keepRuns, secrets } = to.columns;
  await sql(GO_BACK_TO, [
    to.jobId,
    to.revision,
    JSON.stringify(to.definition),
    to.note,
    to.by,
    to.at.toISOString(),
    kind,
    owner,
    JSON.stringify(labels),
    circuit,
    retentionDays,
    secrets,
    keepRuns,
  ]);
}

const GO_BACK_TO = `
WITH made AS (
  INSERT INTO revision (job_id, number, definition, note, created_by, created_at)
  VALUES ($1::int, $2::int, $3::text::jsonb, $4::text, $5::text, $6::timestamptz)
)
UPDATE job SET revision = $2::int, kind = $7::text, owner = $8::text, labels = $9::text::jsonb, circuit = $10::text,
               retention_days = $11::int, secrets = $12::text[], keep_runs = $13::int, updated_at = now()
 WHERE id = $1::int`;
