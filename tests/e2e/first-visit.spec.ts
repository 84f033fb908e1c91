import { hashOf, newToken } from '#core/auth/invitation-token.ts';
import { expectSentence } from './acts.ts';
import { expect, expectAccessible, PASSWORD, test, visitorPage } from './fixtures.ts';
import { startInstallation } from './installation.ts';

test('the first admin comes by the link, adds the samples, and sees one run live', async ({
  browser,
}) => {
  const installation = await startInstallation();
  const { db, url } = installation;
  await installation.startWorker();
  const token = newToken();
  await db.sql(
    `INSERT INTO invitation (token_hash, grants, expires_at) VALUES ($1, '[{"role": "admin"}]', now() + interval '15 min')`,
    [hashOf(token)],
  );
  const { page, close } = await visitorPage(browser, url);

  await page.goto(`/welcome#${token}`);
  await page.getByLabel('Name').fill('First Admin');
  await page.getByLabel('Email').fill('first@example.org');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.waitForURL(`${url}/`);
  const addSamples = page.getByRole('button', { name: /Add .*sample/ });
  await expect(addSamples).toBeVisible();
  await expectAccessible(page);

  await addSamples.click();
  const jobs = async () => (await db.sql('SELECT FROM job WHERE deleted_at IS NULL')).length;
  await expect.poll(jobs).toBe(3);
  const running = async () => {
    const [run] = await db.sql<{ id: number }>(
      `SELECT run.id FROM run JOIN job ON job.id = run.job_id
        WHERE is_live AND state = 'running' AND job.key = 'sample-heartbeat'`,
    );
    return run?.id;
  };
  await expect.poll(running, { timeout: 20_000, intervals: [50] }).toBeDefined();
  await page.goto(`/runs/${await running()}`);
  await expectSentence(page, /Running for/);
  await expect(page.getByRole('log')).toContainText('beat 1');
  await expect(page.getByRole('log')).toContainText('Done.');
  await expectSentence(page, /Succeeded/);

  await page.goto('/settings/installation');
  await page.getByRole('button', { name: 'Take the sample jobs away' }).click();
  await expect(page.getByText('3 sample jobs taken away')).toBeVisible();
  expect(await jobs()).toBe(0);
  await close();
  await installation.stop();
});

test('what the server has rendered stays, whenever the page comes to life', async ({
  page,
  job,
}) => {
  await job({ key: 'stays' });
  // Of each control that has ever been in the page: whether it still is, once all has come.
  await page.addInitScript(() => {
    const met = new Set<Element>();
    new MutationObserver(() => {
      for (const control of document.querySelectorAll('#main input')) met.add(control);
      for (const control of document.querySelectorAll('[hidden][id^="S:"] input')) met.add(control);
    }).observe(document, { childList: true, subtree: true });
    Object.assign(window, { replacedControls: () => [...met].filter((each) => !each.isConnected) });
  });
  for (let visit = 0; visit < 5; visit++) {
    await page.goto('/jobs/stays/edit');
    await expect(page.getByLabel('Key', { exact: true })).toHaveValue('stays');
    expect(
      await page.evaluate(() =>
        (window as unknown as { replacedControls: () => Element[] })
          .replacedControls()
          .map(({ outerHTML }) => outerHTML),
      ),
    ).toEqual([]);
  }
});
