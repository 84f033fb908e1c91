import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { insertAuditEntries } from '#core/audit/audit.sql.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

test('a row that was changed by hand is named, on the page and in a terminal', async ({
  page,
  worker,
  installation: { db },
}) => {
  await insertAuditEntries(db.sql, [
    {
      actor: 'Ada',
      action: 'queue.change',
      subject: 'queue:reports',
      before: { maxRunning: 3 },
      after: { maxRunning: 4 },
      reason: '',
      address: null,
    },
  ]);
  await worker();
  await page.goto('/settings/audit');
  await expect(page.getByText(/entr(y|ies), sealed up to/)).toBeVisible();
  await page.getByRole('button', { name: /^Check/ }).click();
  await expect(page.getByText('as it was written').first()).toBeVisible();

  const [entry] = await db.sql<{ id: number }>('SELECT min(entry_id) AS id FROM audit_seal');
  const change = (actor: string) =>
    db.sql(`UPDATE audit_entry SET actor = $2 WHERE id = $1`, [entry!.id, actor]);
  const [was] = await db.sql<{ actor: string }>('SELECT actor FROM audit_entry WHERE id = $1', [
    entry!.id,
  ]);
  await expect(change('Somebody else')).rejects.toThrow(/only added to/);
  // Who owns the tables can switch that off.
  await db.sql('ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_stands');
  await change('Somebody else');
  await page.getByRole('button', { name: 'Check again' }).click();
  await expect(page.getByText('The trail isn’t as it was written')).toBeVisible();
  await expect(page.getByText(new RegExp(`^Entry ${entry!.id} was changed`))).toBeVisible();
  await expectAccessible(page);
  const verify = () =>
    promisify(execFile)(
      process.execPath,
      [path.resolve(import.meta.dirname, '../../cli/punctual.ts'), 'audit', 'verify'],
      { env: { ...process.env, DATABASE_URL: db.url } },
    ).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
    );
  const found = await verify();
  expect(found.code).toBe(1);
  expect(found.stdout).toContain(`Entry ${entry!.id} (seal 1) was changed`);

  await change(was!.actor);
  await db.sql('ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_stands');
  expect((await verify()).code).toBe(0);
});
