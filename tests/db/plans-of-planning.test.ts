import { expect, test } from 'vitest';
import { createPool } from '#core/db.ts';
import { type JobPlan, recordPlans } from '#core/jobs/record-plans.sql.ts';
import { webDatabase } from '#tests/support/web.ts';
import { SESSION_SETTINGS } from '#worker/session-settings.ts';

const web = webDatabase();

/** The statement that writes plans, as it is sent. */
async function statementOfPlans(): Promise<string> {
  const at = new Date('2026-03-09T00:00:00Z');
  const plan: JobPlan = {
    jobId: 1,
    revision: 1,
    rules: null,
    from: { plannedUntil: at, replanFrom: null },
    to: { plannedUntil: at, replanFrom: null, nextTickAt: null },
    ticks: [],
    gaps: [],
    standIn: null,
    cover: null,
  };
  const sent: string[] = [];
  await recordPlans(
    (text) => {
      sent.push(text);
      return Promise.resolve([]);
    },
    [plan],
  );
  return sent.find((text) => text.includes('prolonged'))!;
}

test('a session that began while there were no jobs and gaps looks each of them up where thousands are planned', async () => {
  const pool = createPool({
    url: web.db().url,
    max: 1,
    applicationName: 'test',
    settings: SESSION_SETTINGS,
  });
  try {
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN (GENERIC_PLAN) ${await statementOfPlans()}`,
    );
    const lines = rows.map((row) => row['QUERY PLAN']);
    const after = (scan: string) => lines[lines.findIndex((line) => line.includes(scan)) + 1];
    expect(after('Index Scan using job_pkey on job j')).toContain('Index Cond: (id = ANY (ARRAY[');
    // By both: the job alone would read all of its gaps, the end alone those of all jobs.
    expect(after('Index Scan using gap_by_end on gap g')).toMatch(
      /Index Cond: .*job_id = ANY .*upper\(span\), .* = ANY /,
    );
    expect(
      lines.filter((line) => / on (job|gap)\b/.test(line) && line.includes('Scan')),
    ).toHaveLength(2);
  } finally {
    await pool.end();
  }
});
