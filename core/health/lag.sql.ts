import type { Sql } from '../db.ts';
import type { LagCount } from './lag.ts';

/** Starts of a minute, as a worker counted them. */
export type CountedLag = LagCount & { minute: Date };

/** Adds what a worker has counted; workers that write at the same moment meet the rows in one order. */
export async function addStartLags(sql: Sql, counted: readonly CountedLag[]): Promise<void> {
  if (counted.length > 0) await sql(ADD, [JSON.stringify(counted)]);
}

const ADD = `
INSERT INTO start_lag AS l (minute, waited, bucket, starts)
SELECT minute, waited, bucket, starts
  FROM jsonb_to_recordset($1::text::jsonb) AS c (minute timestamptz, waited boolean, bucket smallint, starts int)
 ORDER BY minute, waited, bucket
ON CONFLICT (minute, waited, bucket) DO UPDATE SET starts = l.starts + excluded.starts`;

/** A day is shown; an hour more is kept for whoever asks late. */
export async function dropOldStartLags(sql: Sql): Promise<void> {
  await sql(`DELETE FROM start_lag WHERE minute < now() - interval '25 hours'`);
}
