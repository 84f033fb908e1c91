import { auditTicks } from '../audit-ticks/audit-ticks.ts';
import type { Actor } from '../auth/permissions.ts';
import type { Sql } from '../db.ts';
import { findDamaged, healJob } from '../heal/heal-job.ts';
import { readJobsToHeal } from '../heal/heal.sql.ts';
import type { Finding } from './finding.ts';
import { some } from './ledger-rules.ts';

const BATCH = 100;

/** Jobs whose row isn't what their revision, the clock and the ledger say: the healer's own look, at all of them. */
export async function damagedJobFindings(sql: Sql): Promise<Finding[]> {
  const damaged = new Map<number, string>();
  for (let afterId = 0; ;) {
    const jobs = await readJobsToHeal(sql, { afterId, limit: BATCH });
    const keys = new Map(jobs.map(({ jobId, columns }) => [jobId, columns.key]));
    for (const jobId of await findDamaged(sql, jobs)) damaged.set(jobId, keys.get(jobId) ?? '');
    if (jobs.length < BATCH) break;
    afterId = jobs.at(-1)!.jobId;
  }
  if (damaged.size === 0) return [];
  return [
    {
      check: 'jobs',
      level: 'error',
      says: `The rows of ${some([...damaged.values()])} aren’t what their revisions, the clock and the ledger say: a next tick, a cursor or a gap was changed by hand.`,
      fix: 'npm run punctual -- doctor --fix puts them right, as the healer of any worker does within the hour.',
      mend: async (own) => {
        const healed: string[] = [];
        for (const [jobId, key] of damaged) if (await healJob(own, jobId)) healed.push(key);
        return healed.length === 0 ? null : `Put right ${some(healed)}.`;
      },
    },
  ];
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Of more jobs than these only the last hour is recounted: a day of 2,000 jobs takes some seconds. */
const MANY_JOBS = 2_000;

/** Ticks of the last day that don't add up. */
export async function tickFindings(actor: Actor, sql: Sql): Promise<Finding[]> {
  const [row] = await sql<{ jobs: number }>(
    'SELECT count(*)::int AS jobs FROM job WHERE deleted_at IS NULL AND has_schedule',
  );
  const stretchMs = row!.jobs > MANY_JOBS ? HOUR_MS : DAY_MS;
  const audit = await auditTicks(actor, { from: new Date(Date.now() - stretchMs) });
  if (!audit.ok) return [];
  const wrong = audit.value.jobs.filter(({ isEven }) => !isEven).map(({ key }) => key);
  if (wrong.length === 0) return [];
  return [
    {
      check: 'ticks',
      level: 'error',
      says: `Ticks of ${some(wrong)} don’t add up in the last ${stretchMs === DAY_MS ? '24 hours' : 'hour'}.`,
      fix: `npm run punctual -- audit-ticks --job ${wrong[0]} says which. Where the healer can, it puts them in a gap within the hour; doctor --fix does so now.`,
    },
  ];
}
