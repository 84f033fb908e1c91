import type { Sql } from '../db.ts';
import { Values } from '../runs/values.ts';
import type { TrailCursor, TrailFilters } from './trail-filters.ts';

export type TrailRow = {
  id: number;
  at: Date;
  actor: string;
  email: string | null;
  action: string;
  subject: string;
  before: unknown;
  after: unknown;
  reason: string;
  address: string | null;
  /** Of the account that it is about. */
  subjectName: string | null;
  jobId: number | null;
  jobKey: string | null;
  isJobDeleted: boolean | null;
  seq: number | null;
};

export type TrailPage = {
  rows: TrailRow[];
  /** The search stopped before it had a full page: this is the last entry that it looked at. */
  searchedToId: number | null;
};

// A text is looked for among so many entries a page: 50,000 take some 200 ms.
const EXAMINED_AT_ONCE = 50_000;

/** Entries newest first, at most `limit`; going to newer ones, the nearest of them. */
export async function readTrailPage(
  sql: Sql,
  filters: TrailFilters,
  cursor: TrailCursor,
  limit: number,
): Promise<TrailPage> {
  const values = new Values();
  const isOlder = cursor?.direction !== 'newer';
  const order = isOlder ? 'DESC' : 'ASC';
  const where = [...conditions(filters, values), ...beyond(cursor, values)].join(' AND ') || 'true';
  const examined = filters.text === null ? limit : EXAMINED_AT_ONCE;
  const text = filters.text === null ? 'true' : containing(filters.text, values);
  const rows = await sql<TrailRow & { searchedToId: number | null }>(
    `
WITH page AS (
  SELECT e.* FROM (
    SELECT * FROM audit_entry e WHERE ${where} ORDER BY e.id ${order} LIMIT ${values.add(examined)}) AS e
   WHERE ${text} ORDER BY e.id ${order} LIMIT ${values.add(limit)}
), horizon AS (
  SELECT e.id FROM audit_entry e WHERE ${filters.text === null ? 'false' : where}
   ORDER BY e.id ${order} OFFSET ${values.add(examined - 1)} LIMIT 1
)
SELECT e.id, e.at, e.actor, u.email, e.action, e.subject, e.before, e.after, e.reason, e.address,
       about.name AS "subjectName", j.id AS "jobId", j.key AS "jobKey", j.deleted_at IS NOT NULL AS "isJobDeleted", s.seq, h.id AS "searchedToId"
  FROM (SELECT 1) AS always
  LEFT JOIN horizon h ON true
  LEFT JOIN page e ON true
  LEFT JOIN "user" u ON u.id = e.actor_id
  LEFT JOIN "user" about ON e.subject LIKE 'user:%' AND about.id = substr(e.subject, 6)
  LEFT JOIN job j ON j.id = e.job_id
  LEFT JOIN audit_seal s ON s.entry_id = e.id
 ORDER BY e.id DESC`,
    values.all,
  );
  return {
    rows: rows.filter(({ id }) => id !== null),
    searchedToId: rows[0]?.searchedToId ?? null,
  };
}

function conditions(filters: TrailFilters, values: Values): string[] {
  const { who, action, subject, job, from, to } = filters;
  return [
    who === null ? null : `e.actor = ${values.add(who)}`,
    action === null
      ? null
      : action.endsWith('.')
        ? `starts_with(e.action, ${values.add(action)})`
        : `e.action = ${values.add(action)}`,
    subject === null ? null : `e.subject = ${values.add(subject)}`,
    // A key can have named several jobs, one after the other.
    job === null
      ? null
      : `e.job_id = ANY (ARRAY(SELECT id FROM job WHERE key = ${values.add(job)}))`,
    from === null ? null : `e.at >= ${values.add(from.toISOString())}::timestamptz`,
    to === null ? null : `e.at < ${values.add(to.toISOString())}::timestamptz`,
  ].filter((condition) => condition !== null);
}

function beyond(cursor: TrailCursor, values: Values): string[] {
  if (cursor === null) return [];
  return [`e.id ${cursor.direction === 'older' ? '<' : '>'} ${values.add(cursor.id)}`];
}

/** In any case; the text is no pattern. */
function containing(text: string, values: Values): string {
  return `strpos(lower(concat_ws(' ', e.subject, e.reason, e.before::text, e.after::text)), lower(${values.add(text)})) > 0`;
}

/** Everybody and everything that the trail names, as far as a list for choosing goes. */
export async function readTrailChoices(
  sql: Sql,
  most: number,
): Promise<{ actors: string[]; actions: string[] }> {
  const [row] = await sql<{ actors: string[] | null; actions: string[] | null }>(CHOICES, [most]);
  return { actors: row!.actors ?? [], actions: row!.actions ?? [] };
}

// One step in the index a value, however many entries have it.
const distinct = (column: 'actor' | 'action') => `
  (SELECT array_agg(value) FROM (
     WITH RECURSIVE walk AS (
       (SELECT ${column} AS value FROM audit_entry ORDER BY ${column} LIMIT 1)
       UNION ALL
       SELECT (SELECT e.${column} FROM audit_entry e WHERE e.${column} > w.value ORDER BY e.${column} LIMIT 1)
         FROM walk w WHERE w.value IS NOT NULL
     )
     SELECT value FROM walk WHERE value IS NOT NULL LIMIT $1::int) AS found)`;

const CHOICES = `SELECT ${distinct('actor')} AS actors, ${distinct('action')} AS actions`;
