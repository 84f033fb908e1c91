import type { z } from 'zod';
import { type Actor, scopeOf, type Scope } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { jobIdsIn, jobsFor } from '../jobs/job-for.ts';
import { writeKeyset } from '../keyset.ts';
import { done, type Outcome } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { readTogether } from '../read-together.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { ListRuns, type RunFilters } from './filters.ts';
import { readJobIdsOfBackfill, readJobIdsOfKey } from './reads-run.sql.ts';
import { listRunRows, type RunQuery } from './reads-list.sql.ts';
import { type RunSummary, summaryOf } from './summary.ts';

export type RunList = {
  /** Newest first, whichever way one pages. */
  runs: RunSummary[];
  /** Cursors of the pages before and after; null: there is none. */
  newer: string | null;
  older: string | null;
  /** The search looked back so far and stopped: `older` goes on from there. */
  searchedTo: string | null;
};

/** A page of the ledger of all jobs, or of the one that the filters name. Planned ticks aren't in it. */
export async function listRuns(
  actor: Actor,
  input: z.input<typeof ListRuns>,
): Promise<Outcome<RunList>> {
  const scope = scopeOf(actor, 'run:read');
  const parsed = ListRuns.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  return readTogether(actor, ['runs', parsed.data], () => pageOfRuns(parsed.data, scope));
}

async function pageOfRuns(
  { cursor, limit, ...filters }: z.output<typeof ListRuns>,
  scope: Scope,
): Promise<Outcome<RunList>> {
  const query = await runQuery(filters, scope);
  if (query === null) return done({ runs: [], newer: null, older: null, searchedTo: null });
  const { rows, searchedTo } = await listRunRows(sqlOf(webPool()), query, cursor, limit + 1);
  const isOlder = cursor?.direction !== 'newer';
  const hasMore = rows.length > limit;
  const page = hasMore ? (isOlder ? rows.slice(0, limit) : rows.slice(-limit)) : rows;
  const [first, last] = [page[0], page.at(-1)];
  const keyset = (direction: 'older' | 'newer', row: { at: Date; id: number }) =>
    writeKeyset({ direction, atMs: row.at.getTime(), id: row.id });
  const at = (row: { scheduledFor: Date; id: number }) => ({ at: row.scheduledFor, id: row.id });
  // Going one way there is always the page that one came from, unless it has vanished.
  const onward = hasMore || searchedTo !== null;
  const goesOlder = isOlder ? onward : true;
  const goesNewer = isOlder ? cursor !== null : onward;
  const olderFrom = isOlder && !hasMore && searchedTo ? searchedTo : last && at(last);
  const newerFrom = !isOlder && !hasMore && searchedTo ? searchedTo : first && at(first);
  return done({
    runs: page.map(summaryOf),
    older: goesOlder && olderFrom ? keyset('older', olderFrom) : null,
    newer: goesNewer && newerFrom ? keyset('newer', newerFrom) : null,
    searchedTo: !hasMore && searchedTo ? searchedTo.at.toISOString() : null,
  });
}

/** Filters with their jobs looked up, among those that the scope tells of; null when there is none. */
export async function runQuery(
  { jobKey, ...filters }: RunFilters,
  scope: Scope,
): Promise<RunQuery | null> {
  const jobIds = await jobIdsFor(jobKey, filters.backfillId, scope);
  return jobIds?.length === 0 ? null : { ...filters, jobIds };
}

async function jobIdsFor(
  jobKey: string | null,
  backfillId: number | null,
  scope: Scope,
): Promise<readonly number[] | null> {
  const sql = sqlOf(webPool());
  if (jobKey !== null) return readJobIdsOfKey(sql, jobKey, scope);
  if (backfillId === null || scope === null) return jobIdsIn(sql, scope);
  // A backfill is of one job: the others needn't be gone through for its runs.
  return jobsFor(sql, scope, await readJobIdsOfBackfill(sql, backfillId));
}
