import type { Sql } from '../db.ts';
import type { Judged } from '../health/judge.ts';
import type { HealthWords } from '../health/words.ts';
import { makeMonths } from '../history/months.sql.ts';
import type { Finding } from './finding.ts';

const MONTHS_AHEAD = 3;

/** What Punctual notices by itself as well (docs/health.md). */
export function healthFindings(judged: readonly Judged[], words: HealthWords): Finding[] {
  return judged
    .filter(({ level }) => level === 'bad' || level === 'warn')
    .map((one) => {
      const about = words.about(one);
      const sentence = words.sentence(one);
      const mend = MENDS[one.name];
      return {
        check: one.name,
        level: one.level === 'bad' ? 'error' : 'advice',
        says: about === '' || sentence.includes(about) ? sentence : `${sentence} (${about})`,
        fix: words.next(one),
        ...(mend && { mend }),
      };
    });
}

const MENDS: Partial<Record<Judged['name'], (sql: Sql) => Promise<string | null>>> = {
  partitions: async (sql) => {
    const made = await makeMonths(sql, MONTHS_AHEAD);
    return made === 0 ? null : `Made ${made} ${made === 1 ? 'month' : 'months'} of the ledger.`;
  },
};
