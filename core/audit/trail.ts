import type { z } from 'zod';
import { type Actor, authorize } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { done, type Outcome } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { ListTrail } from './trail-filters.ts';
import { readTrailChoices, readTrailPage, type TrailRow } from './trail.sql.ts';

export type TrailEntry = {
  id: number;
  /** ISO 8601. */
  at: string;
  /** Name as it was then; the e-mail address as it is now, where a person did it. */
  actor: string;
  email: string | null;
  action: string;
  subject: string;
  /** The person's name as it is now, where it is about an account. */
  subjectName: string | null;
  before: unknown;
  after: unknown;
  reason: string;
  address: string | null;
  /** The job that it is about, also where it is about a run. */
  job: { id: number; key: string; isDeleted: boolean } | null;
  /** Its place in the chain; null while it waits for its seal. */
  seq: number | null;
};

export type Trail = {
  /** Newest first, whichever way one pages. */
  entries: TrailEntry[];
  /** Cursors of the pages before and after; null: there is none. */
  newer: string | null;
  older: string | null;
  /** The search looked so far and stopped: `older` goes on from there. */
  searchedTo: number | null;
};

/** A page of the audit trail. */
export async function listTrail(
  actor: Actor,
  input: z.input<typeof ListTrail>,
): Promise<Outcome<Trail>> {
  authorize(actor, 'audit:read');
  const parsed = ListTrail.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { cursor, limit, ...filters } = parsed.data;
  const page = await readTrailPage(sqlOf(webPool()), filters, cursor, limit + 1);
  const isOlder = cursor?.direction !== 'newer';
  const hasMore = page.rows.length > limit;
  const rows = hasMore
    ? isOlder
      ? page.rows.slice(0, limit)
      : page.rows.slice(-limit)
    : page.rows;
  const searchedTo = hasMore ? null : page.searchedToId;
  const onward = hasMore || searchedTo !== null;
  const olderFrom = isOlder && searchedTo !== null ? searchedTo : rows.at(-1)?.id;
  const newerFrom = !isOlder && searchedTo !== null ? searchedTo : rows[0]?.id;
  // Going one way there is always the page that one came from.
  const goesOlder = isOlder ? onward : true;
  const goesNewer = isOlder ? cursor !== null : onward;
  return done({
    entries: rows.map(entryOf),
    older: goesOlder && olderFrom !== undefined ? `o${olderFrom}` : null,
    newer: goesNewer && newerFrom !== undefined ? `n${newerFrom}` : null,
    searchedTo,
  });
}

export type TrailChoices = { actors: string[]; actions: string[] };

const MOST_CHOICES = 500;

/** Who and what one can narrow the trail to. */
export async function listTrailChoices(actor: Actor): Promise<TrailChoices> {
  authorize(actor, 'audit:read');
  return readTrailChoices(sqlOf(webPool()), MOST_CHOICES);
}

export function entryOf(row: TrailRow): TrailEntry {
  const { id, at, actor, email, action, subject, subjectName } = row;
  const { before, after, reason, address, seq, jobId, jobKey } = row;
  return {
    id,
    at: at.toISOString(),
    actor,
    email,
    action,
    subject,
    subjectName,
    before,
    after,
    reason,
    address,
    job:
      jobId === null || jobKey === null
        ? null
        : { id: jobId, key: jobKey, isDeleted: row.isJobDeleted === true },
    seq,
  };
}
