import { chromium } from '@playwright/test';
import { createPool, sqlOf } from '#core/db.ts';
import { browserExecutable } from '#tests/support/browser.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { makeRun } from '#tests/support/runs.ts';
import { buildConsole, generateClient } from '../../cli/start/build-console.ts';
import { openPage } from '../../tests/e2e/fixtures.ts';
import { startInstallationOn } from '../../tests/e2e/installation.ts';
import type { Measure } from '../measure.ts';
import { percentile } from '../percentile.ts';
import { punctual } from '../punctual/punctual.ts';

const LINES = 200;
/** Says what time it is, ms since 1970, every 50 ms. */
const SCRIPT = `n=0; sleep 3; while [ $n -lt ${LINES} ]; do date +at-%s%3N-ms; sleep 0.05; n=$((n + 1)); done`;

/** From a line that a script writes to the frame of a real browser in which it stands on the page of its run. */
export const screen: Measure = {
  name: 'screen',
  unit: 'ms',
  better: 'less',
  rounds: 2,
  entrants: [
    {
      name: punctual.name,
      async prepare(url) {
        const never = new AbortController().signal;
        await generateClient(never);
        await buildConsole(never);
        await punctual.prepare(url);
      },
      async once({ url }) {
        const pool = createPool({ url, max: 2, applicationName: 'benchmark' });
        const sql = sqlOf(pool);
        const drop = () => pool.end();
        const installation = await startInstallationOn({
          url,
          pool,
          sql,
          drop,
          [Symbol.asyncDispose]: drop,
        });
        const executablePath = await browserExecutable();
        const browser = await chromium.launch({
          ...(executablePath === undefined ? {} : { executablePath }),
          args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
        });
        try {
          await installation.startWorker();
          const job = await makeJob({ sql }, { work: { kind: 'script', text: SCRIPT } });
          const runId = await makeRun({ sql }, job);
          const { page, close } = await openPage(browser, installation, 'admin', []);
          await page.goto(`/runs/${runId}`);
          await page.evaluate(noteTimes);
          await page.waitForFunction((most) => window.seenAfterMs!.size >= most, LINES, {
            timeout: 60_000,
          });
          const waits = await page.evaluate(() => [...window.seenAfterMs!.values()]);
          await close();
          return { p50: percentile(waits, 50), p99: percentile(waits, 99) };
        } finally {
          await browser.close();
          await installation.stop();
        }
      },
    },
  ],
};

declare global {
  interface Window {
    /** By what each line says: how long after that it was seen. */
    seenAfterMs?: Map<string, number>;
  }
}

/** In the browser: looks at every change of the page before its frame is drawn. */
function noteTimes(): void {
  const seen = new Map<string, number>();
  window.seenAfterMs = seen;
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        for (const [, said] of (node.textContent ?? '').matchAll(/at-(\d{13})-ms/g)) {
          if (!seen.has(said!)) seen.set(said!, Date.now() - Number(said));
        }
      }
    }
  }).observe(document.body, { subtree: true, childList: true });
}
