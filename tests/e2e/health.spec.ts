import { expect, expectAccessible, test } from './fixtures.ts';

test('a worker that is killed is told on every page, with what to do, until one is back', async ({
  page,
  pageAs,
  worker,
  installation: { db, url },
}) => {
  test.setTimeout(120_000);
  // Other journeys made some up, which nobody misses.
  await db.sql('DELETE FROM worker');
  const first = await worker();
  await page.goto('/health');
  await expect(page.getByRole('heading', { name: 'Health', level: 1 })).toBeVisible();
  const row = (name: string) => page.getByRole('row').filter({ hasText: name });
  await expect(row('Workers that take runs')).toContainText('1 worker is alive and takes runs.');
  await expect(page.getByRole('table', { name: 'Duties' })).toContainText(/claimer.*ago/);
  // The rail shows what the console's watch has seen, every 10 s; other journeys may have left it something to see.
  const isAlone = page.getByRole('link', { name: /No worker is alive/ });
  await expect(isAlone).toBeHidden({ timeout: 30_000 });
  await expectAccessible(page);

  await first.end('SIGKILL');
  const needs = page.getByRole('region', { name: 'What is wrong' });
  await expect(needs).toContainText('No worker is alive', { timeout: 20_000 });
  await expect(needs).toContainText('Start one with npm run worker');
  await expectAccessible(page);

  // On another page, of somebody who may look only: one line, and the way to Health.
  const viewer = await pageAs('viewer');
  await viewer.goto('/jobs');
  const banner = viewer.getByRole('status').filter({ hasText: 'No worker is alive' });
  await expect(banner).toBeVisible({ timeout: 30_000 });
  await viewer.setViewportSize({ width: 390, height: 844 });
  const box = await banner.boundingBox();
  expect(box!.height).toBeLessThan(50);
  await banner.getByRole('link', { name: 'Health' }).click();
  await expect(viewer).toHaveURL(/\/health$/);

  const ready = await page.request.get(`${url}/api/ready`);
  expect(ready.status()).toBe(503);
  const { checks } = (await ready.json()) as {
    checks: { name: string; ok: boolean; next: string }[];
  };
  expect(checks.find(({ name }) => name === 'worker')).toMatchObject({ ok: false });

  // It lasts: the console itself keeps it as an incident, since nobody else is there to do so.
  await expect
    .poll(() => openTroubles(db), { timeout: 60_000 })
    .toEqual(expect.arrayContaining(['worker']));

  await worker();
  await expect(needs.filter({ hasText: 'No worker is alive' })).toBeHidden({ timeout: 30_000 });
  await viewer.goto('/jobs');
  await expect(banner.filter({ hasText: 'No worker is alive' })).toBeHidden({ timeout: 30_000 });
});

test('whoever has a label alone may not look, and is told who may', async ({ pageAs }) => {
  const label = { name: 'team', value: 'billing' };
  const page = await pageAs({ role: 'operator', label, extra: [] });
  await page.goto('/health');
  await expect(page.getByText('It takes a viewer’s role for everything.')).toBeVisible();
});

async function openTroubles(db: {
  sql: <Row extends object>(text: string) => Promise<Row[]>;
}): Promise<string[]> {
  const rows = await db.sql<{ trouble: string }>(
    'SELECT trouble FROM incident WHERE trouble IS NOT NULL AND ended_at IS NULL',
  );
  return rows.map(({ trouble }) => trouble);
}
