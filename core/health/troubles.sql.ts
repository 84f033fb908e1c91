import type { Sql } from '../db.ts';
import { SETTLE } from '../incidents/open.sql.ts';

/** One check that is bad, in words. */
export type Trouble = { name: string; sentence: string };

/**
 * Opens incidents for what is bad, or counts it as going on. Whoever looks at the same moment opens none twice.
 * @returns the names of those that were opened
 */
export async function openTroubles(sql: Sql, troubles: readonly Trouble[]): Promise<string[]> {
  if (troubles.length === 0) return [];
  const rows = await sql<{ name: string; isNew: boolean }>(OPEN, [
    troubles.map(({ name }) => name),
    troubles.map(({ sentence }) => sentence),
  ]);
  return rows.filter(({ isNew }) => isNew).map(({ name }) => name);
}

const OPEN = `
INSERT INTO incident AS i (trouble, kind, opened_at, cause, last_at, last_cause, tell_at)
SELECT t.name, 'trouble', now_at, t.sentence, now_at, t.sentence, now_at + ${SETTLE}
  FROM unnest($1::text[], $2::text[]) AS t (name, sentence)
 CROSS JOIN (SELECT clock_timestamp()::timestamptz(3) AS now_at) AS clock
 ORDER BY t.name
ON CONFLICT (trouble) WHERE trouble IS NOT NULL AND ended_at IS NULL DO UPDATE
SET last_at = greatest(i.last_at, excluded.last_at), last_cause = excluded.last_cause
RETURNING trouble AS name, xmax = 0 AS "isNew"`;

/** Ends the incidents of checks that are well again. @returns the names of those that were open */
export async function endTroubles(sql: Sql, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const rows = await sql<{ name: string }>(END, [names]);
  return rows.map(({ name }) => name);
}

const END = `
UPDATE incident SET ended_at = greatest(clock_timestamp()::timestamptz(3), last_at), tell_at = clock_timestamp() + ${SETTLE}
 WHERE trouble = ANY ($1::text[]) AND ended_at IS NULL
RETURNING trouble AS name`;
