import type { Sql } from '../db.ts';
import type { BlackoutEffect } from '../schedules/blackouts/blackout-times.ts';
import { Coverage } from '../schedules/blackouts/coverage.ts';
import { blackoutOf, type BlackoutRow } from './planning-blackouts.sql.ts';

/** The blackout of all jobs that is on at this moment, for the whole console to see. */
export async function readBlackoutOfAll(
  sql: Sql,
): Promise<{ name: string; effect: BlackoutEffect; until: string | null } | null> {
  const rows = await sql<BlackoutRow & { now: Date }>(READ_BLACKOUTS_OF_ALL);
  const [first] = rows;
  if (!first) return null;
  const coverage = new Coverage(rows.map(blackoutOf));
  const part = coverage.partAt(first.now.getTime());
  if (!part) return null;
  const endMs = coverage.freeFrom(first.now.getTime());
  const { name, effect } = part.blackout;
  return { name, effect, until: Number.isFinite(endMs) ? new Date(endMs).toISOString() : null };
}

const READ_BLACKOUTS_OF_ALL = `
SELECT id, name, created_by AS "createdBy", effect, times, idle_until AS "idleUntil",
       date_trunc('milliseconds', clock_timestamp()) AS now
  FROM blackout
 WHERE deleted_at IS NULL AND scope ->> 'type' = 'all' AND (ends_at IS NULL OR ends_at > clock_timestamp())`;
