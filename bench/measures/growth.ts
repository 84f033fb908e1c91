import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Measure, Stage } from '../measure.ts';
import { median, percentile } from '../percentile.ts';
import { addHistory, addWaiting } from '../punctual/history.ts';
import { punctual } from '../punctual/punctual.ts';
import { drained } from './drain.ts';

const FIRST_PAGE = path.join(import.meta.dirname, '../punctual/first-page-process.ts');
const DRAINS = 3;

/** The same drain, and the first page of the list of runs, with more and more history, and with a million that wait. */
export const growth = ({ isQuick }: { isQuick: boolean }): Measure => {
  const sizes = isQuick ? [0, 100_000, 1_000_000] : [0, 1_000_000, 10_000_000];
  return {
    name: 'growth',
    unit: 'runs/s, or ms',
    better: 'more',
    entrants: [
      {
        name: punctual.name,
        prepare: punctual.prepare,
        async once(stage) {
          const figures: Record<string, number> = {};
          let runs = 0;
          const measure = async (what: string) => {
            await stage.pool.query('VACUUM ANALYZE');
            const rates: number[] = [];
            for (let n = 0; n < DRAINS; n++) rates.push(await drained(punctual, stage, 1));
            const pages = await firstPages(stage);
            figures[`drain, ${what}`] = median(rates);
            figures[`first page p50, ${what}`] = percentile(pages, 50);
            figures[`first page p99, ${what}`] = percentile(pages, 99);
          };
          for (const size of sizes) {
            await addHistory(stage.pool, size - runs);
            runs = size;
            await measure(size === 0 ? 'empty' : `${size.toLocaleString('en')} finished`);
          }
          await addWaiting(stage.pool, 1_000_000);
          await measure('and 1,000,000 waiting');
          return figures;
        },
      },
    ],
  };
};

async function firstPages({ url }: Stage): Promise<number[]> {
  const env = { ...process.env, DATABASE_URL: url };
  const { stdout } = await promisify(execFile)(process.execPath, [FIRST_PAGE], { env });
  return JSON.parse(stdout) as number[];
}
