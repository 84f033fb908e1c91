import type { Locator } from '@playwright/test';
import { expectSentence, triggerAndOpenRun } from './acts.ts';
import { expect, test } from './fixtures.ts';

const LINES = 150_000;

/** Numbers of the lines that are drawn, in their order. */
async function shown(log: Locator): Promise<number[]> {
  const text = await log.innerText();
  return [...text.matchAll(/line (\d+) of many/g)].map((match) => Number(match[1]));
}

const printing = (text: string) => ({ kind: 'script', interpreter: 'sh', text }) as const;

const consecutive = (lines: readonly number[]) => lines.map((_, index) => lines[0]! + index);

test('a log that floods is followed at its end, and whoever scrolls back finds every line', async ({
  page,
  job,
  worker,
  gate,
}) => {
  await worker();
  await job({
    key: 'floods',
    work: printing(
      `echo begins; ${gate.wait}; seq -f 'line %.0f of many, and long enough to be many bytes' 1 ${LINES}; sleep 2; echo over`,
    ),
  });
  await triggerAndOpenRun(page, 'floods');
  const log = page.getByRole('log');
  await expect(log).toContainText('begins');
  await gate.open();
  await expect(log).toContainText(`line ${LINES} of many`, { timeout: 30_000 });
  await expect(log).toContainText('over');
  await expectSentence(page, /Succeeded/);

  for (let page = 0; page < 5; page++) {
    const before = (await shown(log))[0]!;
    await log.evaluate((pane) => pane.scrollBy(0, -2_000));
    await expect.poll(async () => (await shown(log))[0]).toBeLessThan(before);
    const lines = await shown(log);
    expect(lines).toEqual(consecutive(lines));
  }
});

test('who reads further up keeps their place while a log floods', async ({
  page,
  job,
  worker,
  gate,
}) => {
  await worker();
  await job({
    key: 'floods-below',
    work: printing(
      `seq -f 'line %.0f of many' 1 500; ${gate.wait}; seq -f 'line %.0f of many, and long enough to be many bytes' 501 ${LINES}; echo over`,
    ),
  });
  await triggerAndOpenRun(page, 'floods-below');
  const log = page.getByRole('log');
  await expect(log).toContainText('line 500 of many');
  await log.evaluate((pane) => pane.scrollBy(0, -4_000));
  await expect.poll(async () => (await shown(log)).at(-1)).toBeLessThan(450);
  // What is drawn below the view depends on the pane's height.
  const inView = async () => (await shown(log)).slice(0, 40);
  const before = await inView();
  await gate.open();
  await expectSentence(page, /Succeeded/);
  expect(await inView()).toEqual(before);
  await page.getByRole('button', { name: 'Go to the end' }).click();
  await expect(log).toContainText('over');
});
