import { expect, test } from 'vitest';
import { usualGrant } from '#core/auth/usual-grant.ts';
import type { Actor } from '#core/auth/permissions.ts';
import { feedBackfill } from '#core/backfill/feed.ts';
import { readBackfills } from '#core/backfill/read-backfill.ts';
import { startBackfill } from '#core/backfill/start-backfill.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { readDefinition, readJob } from '#core/jobs/read-job.ts';
import { readRun } from '#core/runs/read-run.ts';
import { retryRuns, runAgain } from '#core/runs/retry-by-hand.ts';
import { triggerJob } from '#core/runs/trigger.ts';
import { createJob } from '#core/jobs/create-job.ts';
import { testDefinition } from '#tests/support/jobs.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { inTransaction } from '#core/prisma.ts';
import { admin, webDatabase } from '#tests/support/web.ts';

const web = webDatabase();
const [DEFAULT, GIVEN] = ['the default, hidden', 'what a trigger gave'];

const parameters = [
  { name: 'pin', type: 'text' as const, default: DEFAULT, isSensitive: true },
  { name: 'table', type: 'text' as const, default: 'orders' },
];

/** An editor and operator of everything who may not see sensitive parameters. */
const blind: Actor = {
  kind: 'user',
  id: 'blind',
  name: 'Bo Blind',
  email: 'blind@example.org',
  grants: [{ ...usualGrant('editor'), extra: ['job:write_when', 'job:write_host'] }],
  address: null,
};

test('who may not see sensitive parameters finds them nowhere, and changes them by no accident', async () => {
  const definition = testDefinition({
    parameters,
    schedule: { type: 'cron', lines: ['0 * * * *'], timeZone: 'UTC' },
    work: { kind: 'http', url: 'https://example.org/ping' },
  });
  const { jobId, key } = valueOf(await createJob(admin, definition));
  const given = { jobId, parameters: { pin: GIVEN, table: 'x' } };
  const { runId } = valueOf(await triggerJob(admin, given));
  const to = new Date();
  const from = new Date(to.getTime() - 7_200_000);
  valueOf(
    await startBackfill(admin, {
      jobId,
      from: from.toISOString(),
      to: to.toISOString(),
      rule: 'all',
      parameters: { pin: GIVEN },
    }),
  );

  const seen = async (actor: Actor) =>
    JSON.stringify([
      await readJob(actor, key),
      await readDefinition(actor, key),
      await readRun(actor, runId),
      await readBackfills(actor, { jobId }),
    ]);
  expect(await seen(admin)).toContain(GIVEN);
  for (const value of [DEFAULT, GIVEN]) expect(await seen(blind)).not.toContain(value);
  const trail = await web.db().sql('SELECT * FROM audit_entry');
  for (const value of [DEFAULT, GIVEN]) expect(JSON.stringify(trail)).not.toContain(value);

  // What they save and start has the values as they were.
  const shown = valueOf(await readDefinition(blind, key)).definition;
  const edit = { jobId, basedOnRevision: 1, note: '' };
  valueOf(await editJob(blind, { ...edit, definition: { ...shown, notes: 'edited' } }));
  const kept = valueOf(await readDefinition(admin, key)).definition;
  expect(kept.parameters[0]!.default).toBe(DEFAULT);
  const open = shown.parameters.map((one) => ({ ...one, isSensitive: false }));
  const refused = await editJob(blind, {
    ...edit,
    basedOnRevision: 2,
    definition: { ...shown, parameters: open },
  });
  expect(refusalOf(refused).message).toContain('give pin a value anew');
  const other = await editJob(blind, { ...edit, definition: shown });
  expect(JSON.stringify(refusalOf(other))).not.toContain(DEFAULT);

  const parametersOf = async (id: number) => valueOf(await readRun(admin, id)).run.parameters;
  const again = valueOf(await triggerJob(blind, { jobId, parameters: { pin: '•••' } }));
  expect(await parametersOf(again.runId)).toMatchObject({ pin: DEFAULT });
  await web.db().sql(
    `UPDATE run SET is_live = false, state = 'failed', attempt = 1, started_at = now(), finished_at = now(), worker_id = NULL
        WHERE id = $1 AND is_live`,
    [runId],
  );
  const retried = valueOf(
    await runAgain(blind, { runId, parameters: { pin: '•••', table: 'y' }, note: '' }),
  );
  expect(await parametersOf(retried.runId)).toEqual({ pin: GIVEN, table: 'y' });
});

test('an edit that says that a parameter isn’t sensitive shows nobody what it was', async () => {
  const schedule = { type: 'cron' as const, lines: ['0 * * * *'], timeZone: 'UTC' };
  const definition = testDefinition({ key: 'bared', parameters, schedule });
  const { jobId } = valueOf(await createJob(admin, definition));
  const end = (runId: number, state: string) =>
    web.db().sql(
      `UPDATE run SET is_live = false, state = $2, attempt = 1, started_at = now(), finished_at = now(), worker_id = NULL
        WHERE id = $1 AND is_live`,
      [runId, state],
    );
  const given = { jobId, parameters: { pin: GIVEN } };
  const good = valueOf(await triggerJob(admin, given)).runId;
  await end(good, 'succeeded');
  const to = new Date();
  const { id } = valueOf(
    await startBackfill(admin, {
      jobId,
      from: new Date(to.getTime() - 7_200_000).toISOString(),
      to: to.toISOString(),
      rule: 'all',
      parameters: { pin: GIVEN },
    }),
  );
  const open = [{ name: 'pin', type: 'text' as const, default: 'for all to see' }, parameters[1]!];
  const edit = { jobId, basedOnRevision: 1, note: '' };
  valueOf(await editJob(blind, { ...edit, definition: { ...definition, parameters: open } }));
  const bad = valueOf(await triggerJob(blind, { jobId })).runId;
  await end(bad, 'failed');

  const { lastGood, run } = valueOf(await readRun(blind, bad));
  expect(lastGood).toMatchObject({ id: good, parameters: { pin: '•••', table: 'orders' } });
  expect(run.parameters).toMatchObject({ pin: 'for all to see' });
  const retried = valueOf(await retryRuns(blind, { runIds: [good], note: '' }));
  expect(retried.runIds).toEqual([]);
  expect(retried.refused[0]!.message).toContain('pin was given while it was sensitive');
  valueOf(await runAgain(blind, { runId: good, parameters: { pin: 'another' }, note: '' }));

  // The backfill makes no runs that would show it, and says why.
  expect(await inTransaction((_tx, sql) => feedBackfill(sql, id))).toMatchObject({ runs: 0 });
  const [backfill] = valueOf(await readBackfills(blind, { jobId }));
  expect(backfill).toMatchObject({ state: 'paused', parameters: { pin: '•••' } });
  expect(backfill!.problem).toContain('pin was given while it was sensitive');
});
