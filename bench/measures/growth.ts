import type { Measure } from '../measure.ts';
import { median, percentile } from '../percentile.ts';
import { timeClaims } from '../punctual/claims.ts';
import { readFirstPages } from '../punctual/first-page.ts';
import { addHistory, addWaiting } from '../punctual/history.ts';
import { punctual } from '../punctual/punctual.ts';
import { drained } from './drain.ts';

const DRAINS = 3;
const CLAIMED = 4_000;

/** The same drain, the claim of 20, and the first page of the list of runs, with more and more history, and with a million that wait. */
export const growth = ({ isQuick }: { isQuick: boolean }): Measure => {
  const sizes = isQuick ? [0, 100_000, 1_000_000] : [0, 1_000_000, 10_000_000];
  return {
    name: 'growth',
    unit: (figure) => (figure.startsWith('drain') ? 'runs/s' : 'ms'),
    better: 'more',
    rounds: 1,
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
            await punctual.fill(stage.url, CLAIMED);
            const claims = await timeClaims(stage.url);
            const pages = await readFirstPages(stage.url);
            figures[`drain, ${what}`] = median(rates);
            figures[`claim p99, ${what}`] = percentile(claims, 99);
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
