import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { createDefinitions } from '#worker/definitions.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const noDatabase = () => Promise.reject(new Error('the database was asked'));

test('of long definitions fewer are kept, those asked for last', async () => {
  const { id: jobId } = await makeJob(db, { work: { kind: 'script', text: 'echo TEXT' } });
  await db.sql(
    `INSERT INTO revision (job_id, number, definition, created_by)
     SELECT job_id, n, jsonb_set(definition, '{work,text}', to_jsonb(repeat('#', 60000))), 'Test'
       FROM revision, generate_series(2, 301) AS n WHERE job_id = $1::int AND number = 1`,
    [jobId],
  );
  const definitions = createDefinitions({ pool: db.pool });
  const revisions = Array.from({ length: 300 }, (_, n) => ({ jobId, revision: n + 2 }));
  const loaded = await definitions.load(revisions);
  expect(loaded.every(({ ok }) => ok)).toBe(true);

  const last = definitions.load(revisions.slice(-250), noDatabase);
  expect(await last).toEqual(loaded.slice(-250));
  await expect(definitions.load(revisions.slice(0, 1), noDatabase)).rejects.toThrow(
    'the database was asked',
  );
});
