import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { beforeAll, onTestFinished } from 'vitest';
import { closeConnections } from '#core/prisma.ts';
import { browserExecutable } from '#tests/support/browser.ts';
import { callerOf } from '#tests/support/callers.ts';
import { startConsole } from '#tests/support/console.ts';
import { startProxy } from '#tests/support/proxy.ts';
import { makeRun } from '#tests/support/runs.ts';
import { until } from '#tests/support/wait.ts';
import { makeUser, nameDatabase } from '#tests/support/web.ts';
import { buildConsole, generateClient } from '../../../cli/start/build-console.ts';
import { fault } from '../fault.ts';
import { recordingHead } from '../outside/record.ts';
import type { World } from '../world.ts';

const LINES = 5_000;
/** It is printed in as many parts, each when it is asked for. */
const PARTS = 5;
const OFFLINE_MS = 5_000;
const SLOW_MS = 60_000;

beforeAll(async () => {
  const never = new AbortController().signal;
  await generateClient(never);
  await buildConsole(never);
}, 600_000);

fault(38, { all: 3, minutes: 15 }, async (world) => {
  await world.steadyJobs();
  await world.worker();
  let web = await startConsole(world.db);
  const port = new URL(web.url).port;
  const line = await startProxy(web);
  const { page, setOffline } = await openBrowser(world, line.url);
  const job = await world.job({ script: printing(world.recordFile) });

  for (let round = 0; round < world.rounds; round++) {
    const run = await makeRun(world.db, job);
    const print = (part: number) => writeFileSync(`${world.recordFile}.${run}.${part}`, '');
    const areStored = (parts: number) =>
      until(async () => (await storedLines(world, run)) >= (parts * LINES) / PARTS, {
        timeoutMs: SLOW_MS,
        what: `part ${parts} of the log in the database`,
      });
    const log = page.getByRole('log');
    const isShown = (text: RegExp) => log.getByText(text).first().waitFor({ timeout: SLOW_MS });
    const isCut = (state: 'visible' | 'hidden') =>
      page.getByText('Reconnecting…').waitFor({ state, timeout: SLOW_MS });
    /** While this part is printed the browser reaches nobody; it hears that it is cut off before. */
    const offlineFor = async (part: number) => {
      await world.during(async () => {
        await setOffline(true);
        line.set('swallow');
        line.reset();
        await isCut('visible');
        print(part);
        await Promise.all([areStored(part), world.live(OFFLINE_MS)]);
        if (await log.getByText(`line ${(part * LINES) / PARTS}.`, { exact: true }).isVisible()) {
          world.finds('the browser was not offline');
        }
        line.set('open');
        line.reset();
        await setOffline(false);
      });
      await isCut('hidden');
    };

    await page.goto(`/runs/${run}`);
    await page.evaluate('window.isStillTheSame = true');
    print(1);
    await isShown(/^line \d{3}\.$/);
    await offlineFor(2);
    await world.during(async () => {
      await web.kill();
      await isCut('visible');
      print(3);
      web = await startConsole(world.db, { PORT: port });
    });
    await isCut('hidden');
    await offlineFor(4);
    print(5);

    await page
      .getByText(/^Succeeded/)
      .first()
      .waitFor({ timeout: SLOW_MS });
    await isShown(new RegExp(`^line ${LINES}\\.$`));
    const isSame = await page.evaluate('window.isStillTheSame === true');
    if (!isSame) world.finds('the page was loaded anew');
    for (const what of wrongIn(await linesOn(page))) world.finds(what);
  }
});

/** Prints its lines in parts, over a few seconds each; the part `n` of a run once `<file>.<run>.<n>` is there. */
const printing = (file: string) => `${recordingHead(file)}
rec start
i=0; part=0
while [ $part -lt ${PARTS} ]; do
  part=$((part+1))
  until [ -e ${file}.$PUNCTUAL_RUN_ID.$part ]; do [ -d ${path.dirname(file)} ] || exit 9; sleep 0.05; done
  while [ $i -lt $((part * ${LINES / PARTS})) ]; do
    j=0
    while [ $j -lt 50 ]; do i=$((i+1)); j=$((j+1)); echo "line $i."; done
    sleep 0.1
  done
done
rec end`;

async function storedLines({ db }: World, run: number): Promise<number> {
  const [row] = await db.sql<{ lines: number }>(
    'SELECT coalesce(sum(line_count), 0)::int AS lines FROM log_chunk WHERE run_id = $1',
    [run],
  );
  return row!.lines;
}

/** A real browser with an admin’s session; what goes wrong in its page is found. */
async function openBrowser(world: World, url: string) {
  nameDatabase(world.db);
  const { email } = await makeUser('reader@example.org');
  const { headers } = await callerOf(email);
  await closeConnections();
  const [name, value] = headers.get('cookie')!.split('=') as [string, string];
  const executablePath = await browserExecutable();
  const browser = await chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    // Chromium refuses its sandbox to root; anybody else keeps it.
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-quic'],
  });
  onTestFinished(() => browser.close());
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: 1440, height: 900 },
  });
  await context.addCookies([{ name, value, url }]);
  const page = await context.newPage();
  page.on('pageerror', (error) => world.finds(`the page failed: ${error}`));
  return { page, setOffline: (isOffline: boolean) => context.setOffline(isOffline) };
}

type Row = { line: number; stream: string; text: string };

/** Scrolls through the whole log from its start, as a reader would: what is on the screen, one sight after the other. */
async function linesOn(page: Page): Promise<Row[][]> {
  const log = page.getByRole('log');
  const scroll = (to: string) =>
    log.evaluate(
      (pane, { where }) =>
        new Promise<boolean>((resolve) => {
          const before = pane.scrollTop;
          pane.scrollTop = where === 'start' ? 0 : before + pane.clientHeight;
          const hasMoved = pane.scrollTop !== before;
          // Two frames: the list hears of it in the first, and has drawn it in the second.
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(hasMoved)));
        }),
      { where: to },
    );
  const sight = () =>
    log.evaluate((pane) =>
      [...pane.querySelectorAll<HTMLElement>('[data-line]')].map((row) => ({
        line: Number(row.dataset['line']),
        stream: row.dataset['stream'] ?? '',
        text: row.lastElementChild?.textContent ?? '',
      })),
    );
  await until(
    async () => {
      await scroll('start');
      return (await sight())[0]?.line === 1;
    },
    { timeoutMs: SLOW_MS, what: 'the first line of the log' },
  );
  const sights = [await sight()];
  while (await scroll('on')) sights.push(await sight());
  return sights;
}

/** Every line is there, in its place, once, and as it was printed. */
function wrongIn(sights: readonly Row[][]): string[] {
  const wrong: string[] = [];
  const seen = new Map<number, string>();
  for (const rows of sights) {
    for (const [index, { line, stream, text }] of rows.entries()) {
      const before = rows[index - 1]?.line ?? line - 1;
      if (line !== before + 1) wrong.push(`line ${line} stands after line ${before}`);
      if (stream === 'stdout') seen.set(line, text);
    }
  }
  const texts = [...seen].toSorted(([one], [other]) => one - other).map(([, text]) => text);
  if (texts.length !== LINES) wrong.push(`${texts.length} lines are shown of ${LINES}`);
  const at = texts.findIndex((text, index) => text !== `line ${index + 1}.`);
  if (at !== -1) wrong.push(`where “line ${at + 1}.” belongs, “${texts[at]}” is shown`);
  return wrong;
}
